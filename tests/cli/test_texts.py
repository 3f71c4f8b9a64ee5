"""The commands of the text classifier, in separate processes."""

import json
from pathlib import Path

import pytest

from tests.cli.running import keytrail
from tests.synthetic.endpoint import TOKENS, serving
from tests.text import toycorpus

STUDY = 'title = "Toys"\ninstructions = "Summarise."\nminimum_words = 5\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "study.toml").write_text(STUDY)
    rows = [json.dumps({"id": key, "text": text}) for key, text in toycorpus.items().items()]
    (tmp_path / "items.jsonl").write_text("\n".join(rows))
    folder = tmp_path / "data"
    keytrail("migrate", data=folder)
    keytrail("user", "add", "ann@example.org", "--name", "Ann", data=folder)
    keytrail("study", "create", "study.toml", "--owner", "ann@example.org", data=folder)
    keytrail("study", "items", "toys", "items.jsonl", data=folder)
    return folder


def test_from_references_to_prevalence(data: Path, tmp_path: Path) -> None:
    texts = [(item, text, "model") for item, made in toycorpus.generations().items() for text in made]
    texts += [(text.item_id, text.text, "human") for text in toycorpus.people()]
    rows = [json.dumps({"item": item, "text": text, "by": by}) for item, text, by in texts]
    (tmp_path / "texts.jsonl").write_text("\n".join(rows))
    assert f"Imported {len(texts)} texts" in keytrail("references", "import", "toys", "texts.jsonl", data=data).stdout
    card = keytrail("train", "toys", data=data)
    assert "# Text model" in card.stdout, card.stderr
    # Without the extra it says what to install, with it that there is nothing to tune.
    refused = keytrail("train", "toys", "--transformer", ".", data=data)
    assert refused.returncode == 2
    assert (
        "pip install 'keytrail[transformer]'" in refused.stderr or "There is no 'model.safetensors'" in refused.stderr
    )
    assert "decides nothing alone" in keytrail("score", "toys", data=data).stdout
    found = json.loads(keytrail("prevalence", "toys", "--json", data=data).stdout)
    assert (found["submissions"], found["homogeneity"]) == (0, None)
    assert found["model_version"] in card.stdout
    assert "Choose at least two studies" in keytrail("prevalence", "toys", "toys", data=data).stderr


def test_references_are_asked_from_the_configured_endpoint(data: Path) -> None:
    refused = keytrail("references", "generate", "toys", data=data)
    assert (refused.returncode, "KEYTRAIL_LLM_URL" in refused.stderr) == (2, True)
    with serving() as endpoint:
        settings = {"KEYTRAIL_LLM_URL": endpoint.url, "KEYTRAIL_LLM_MODELS": "a b", "KEYTRAIL_LLM_KEY": "secret"}
        arguments = ("references", "generate", "toys", "--count", "2", "--per-minute", "6000")
        made = keytrail(*arguments, data=data, **settings)
    assert f"16 texts generated, 0 existed already, {16 * TOKENS:,} tokens" in made.stdout, made.stderr
    assert set(endpoint.keys) == {"Bearer secret"}
    assert "secret" not in made.stdout + made.stderr


def test_power_says_how_many_workers_it_takes(tmp_path: Path) -> None:
    output = keytrail("power", "--sensitivity", "1", "--specificity", "1", data=tmp_path).stdout
    assert output.startswith("121 workers in each condition, 242 in total.")

"""Fine-tuning a tiny, randomly initialised checkpoint; skipped where the extra is not installed."""

import builtins
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keytrail.errors import BadRequest
from keytrail.text.classifier.assessment import NOTE_TRANSFORMER, Basis, Outcome
from keytrail.text.classifier.card import card_markdown
from keytrail.text.classifier.corpus import Corpus, Label, text_key
from keytrail.text.classifier.features import read_features
from keytrail.text.classifier.learning import Example
from keytrail.text.classifier.model import TextModel
from keytrail.text.classifier.storage import model_from_json, model_to_json
from keytrail.text.classifier.transformer.extra import MISSING, libraries
from keytrail.text.classifier.transformer.network import open_network
from keytrail.text.classifier.transformer.scorer import words_shown
from keytrail.text.classifier.transformer.training import train_transformer
from keytrail.text.classifier.transformer.tuning import FineTuner
from keytrail.text.items import ItemProfile, profile_item
from tests.text import toycorpus
from tests.text.classifier.tinycheckpoint import tiny_checkpoint, tiny_tuner, with_extra


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture(scope="module")
def tuner(checkpoint: Path) -> FineTuner:
    return tiny_tuner(checkpoint)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def tuned(corpus: Corpus, tuner: FineTuner, kept: Path) -> TextModel:
    return train_transformer(corpus, tuner, kept)


def test_without_the_extra_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = builtins.__import__

    def absent(name: str, *rest: Any, **named: Any) -> Any:
        if name.split(".", maxsplit=1)[0] in {"torch", "transformers"}:
            raise ModuleNotFoundError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(BadRequest, match=r"pip install 'keytrail\[transformer\]'") as refused:
        libraries()
    assert refused.value.message == MISSING


def test_the_network_is_shown_own_words_in_lower_case() -> None:
    item = profile_item("alpha beta gamma delta epsilon")
    shown = words_shown(read_features("It SAYS \u201cAlpha beta gamma delta\u201d, in 24 words.", item))
    assert shown == "it says ... , in # words ."


@with_extra
def test_unseen_texts_read_like_who_wrote_them(tuned: TextModel, profile: ItemProfile) -> None:
    for seed in range(200, 204):
        assert tuned.assess(toycorpus.human_text(0, seed), profile).outcome is Outcome.HUMAN_LIKE
        judged = tuned.assess(toycorpus.machine_text(0, seed), profile)
        assert (judged.outcome, judged.basis, judged.notes) == (
            Outcome.LLM_LIKE,
            Basis.TRANSFORMER,
            (NOTE_TRANSFORMER,),
        )
    assert tuned.assess("too short", profile).outcome is Outcome.NOT_ASSESSABLE


@with_extra
def test_all_generations_are_examples_and_none_vouches_for_itself(tuned: TextModel, corpus: Corpus) -> None:
    references = {text_key(text) for texts in corpus.references.values() for text in texts}
    assert references <= set(tuned.without_references.held_out)
    card = tuned.card
    assert card["training"]["llm"] == toycorpus.ITEMS * toycorpus.GENERATIONS
    assert set(card["figures"]) == {"transformer"}
    assert card["figures"]["transformer"]["auc"] > 0.9
    assert card["checkpoint"]["sha256"] in card_markdown(card)
    assert "there are two models" not in card_markdown(card)


@with_extra
def test_a_kept_model_scores_as_before_and_is_no_pickle(tuned: TextModel, profile: ItemProfile, kept: Path) -> None:
    stored = json.loads(json.dumps(model_to_json(tuned)))
    again = model_from_json(stored)
    for text in (toycorpus.human_text(0, 700), toycorpus.machine_text(0, 700)):
        assert again.assess(text, profile) == tuned.assess(text, profile)
    suffixes = {path.suffix for path in (kept / tuned.version).iterdir()}
    assert {".safetensors", ".json"} <= suffixes <= {".safetensors", ".json", ".txt"}


@with_extra
def test_weights_that_are_gone_or_others_are_refused(
    tuned: TextModel, kept: Path, checkpoint: Path, tmp_path: Path
) -> None:
    stored = json.loads(json.dumps(model_to_json(tuned)))
    (member,) = stored["without_references"]["members"]
    member["transformer"]["folder"] = str(checkpoint)
    with pytest.raises(BadRequest, match="not those that this model was calibrated with"):
        model_from_json(stored)
    member["transformer"]["folder"] = str(tmp_path / "gone")
    with pytest.raises(BadRequest, match=r"There is no 'model\.safetensors'"):
        model_from_json(stored)


@with_extra
def test_a_folder_without_safetensors_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text((checkpoint / "config.json").read_text())
    (tmp_path / "pytorch_model.bin").write_bytes(b"a pickle")
    with pytest.raises(BadRequest, match="Weights in other formats are not read"):
        open_network(tmp_path)


@with_extra
def test_tuning_again_gives_the_same_scores_and_leaves_chance_alone(
    corpus: Corpus, tuner: FineTuner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And connects to nothing."""

    def refuse(*_: object) -> None:
        raise AssertionError("nothing is to be fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    torch, _ = libraries()
    before = torch.random.get_rng_state()
    examples = [_example(corpus, place) for place in range(0, len(corpus.texts), 8)]
    first, second = (tuner(examples) for _ in range(2))
    assert first.score(examples[0].features) == second.score(examples[0].features)
    assert torch.equal(torch.random.get_rng_state(), before)


def _example(corpus: Corpus, place: int) -> Example:
    text = corpus.texts[place]
    features = read_features(text.text, profile_item(corpus.items[text.item_id]))
    return Example(text.item_id, text.label is Label.LLM, features)

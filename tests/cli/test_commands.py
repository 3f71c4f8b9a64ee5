import json
from pathlib import Path

import pytest

from tests.cli.running import keytrail

STUDY = 'title = "My study"\ninstructions = "Write."\nminimum_words = 5\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_a_requester_sets_up_a_study_from_the_command_line(data: Path, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "items.csv").write_text("id,text\n1,One\n2,Two\n")
    assert "up to date" in keytrail("migrate", data=data).stdout
    added = keytrail("user", "add", "ann@example.org", "--name", "Ann", data=data).stdout
    assert len(added.split("Password: ")[1].strip()) >= 12
    created = keytrail("study", "create", "study.toml", "--owner", "ann@example.org", data=data)
    assert "/task/my-study" in created.stdout
    assert "Added 2 items" in keytrail("study", "items", "my-study", "items.csv", data=data).stdout
    token = keytrail("token", "create", "ann@example.org", data=data).stdout.strip()
    assert token.startswith("kt_")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("study", "items", "nothing", "items.csv"), "no study at this address"),
        (("study", "items", "my-study", "bad.csv"), "line 3: id '1' stands on line 2 already"),
        (("study", "create", "study.toml", "--owner", "bob@example.org"), "There is no user bob@example.org"),
        (("import", "wire", "bad.jsonl"), "line 1:"),
        (("import", "keylog", "items.csv"), "neither of the two formats"),
        (("import", "wire", "missing.jsonl"), "there is no such file"),
    ],
)
def test_bad_input_is_named_and_nothing_is_stored(
    data: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "items.csv").write_text("id,text\n1,One\n")
    (tmp_path / "bad.csv").write_text("id,text\n1,One\n1,Two\n")
    (tmp_path / "bad.jsonl").write_text('{"v": 1, "item": "x", "text": "y", "events": [[0, "e", "pos"]]}\n')
    done = keytrail(*arguments, data=data)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_setting_stops_the_start_with_a_sentence(data: Path) -> None:
    done = keytrail("serve", data=data, KEYTRAIL_PROT="1")
    assert done.returncode == 2
    assert done.stderr.startswith("keytrail: Unknown setting KEYTRAIL_PROT.")


def test_wire_sessions_are_imported_once_and_analysed(data: Path, tmp_path: Path) -> None:
    pasted = "words that came from somewhere else and not from any key at all on this page"
    line = {
        "v": 1,
        "session": "s1",
        "item": "The source text.",
        "text": pasted,
        "label": "pasted",
        "events": [
            [0, "i", "empty", 0, 2166136261],
            [5000, "p", len(pasted), 1, pasted, ["text/plain"], 0],
            [1, "e", 0, 0, pasted, "insertFromPaste", 2],
        ],
    }
    (tmp_path / "sessions.jsonl").write_text(json.dumps(line) + "\n")
    first = keytrail("import", "wire", "sessions.jsonl", data=data)
    assert first.returncode == 0, first.stderr
    assert "strong" in first.stdout
    assert "external_text" in first.stdout
    assert "Imported 1 session into 'sessions'" in first.stdout
    again = keytrail("import", "wire", "sessions.jsonl", data=data)
    assert "Imported 0 sessions into 'sessions'. Already there: 1." in again.stdout
    assert "Analysed 0" in keytrail("analyse", data=data).stdout
    assert "Analysed 1" in keytrail("analyse", "--all", data=data).stdout


def test_sessions_leave_as_they_came(data: Path, tmp_path: Path) -> None:
    events = [[0, "i", "empty", 0, 2166136261], [900, "k", "KeyA", "a", 0], [1, "e", 0, 0, "a", "insertText", 2]]
    line = {"v": 1, "session": "s1", "item": "Source.", "text": "a", "label": "typed", "events": events}
    (tmp_path / "sessions.jsonl").write_text(json.dumps(line) + "\n")
    keytrail("import", "wire", "sessions.jsonl", data=data)
    done = keytrail("export", "wire", "sessions", "out.jsonl", data=data)
    assert done.returncode == 0, done.stderr
    out = json.loads((tmp_path / "out.jsonl").read_text())
    assert (out["text"], out["item"], out["label"], out["epochs"]) == ("a", "Source.", "typed", [{"events": events}])
    assert "s1" not in json.dumps(out)
    assert keytrail("import", "wire", "out.jsonl", data=data).returncode == 0
    keytrail("export", "idfx", "sessions", "folder", data=data)
    [file] = (tmp_path / "folder").iterdir()
    assert "<key>VK_A</key>" in file.read_text()


def test_evaluating_names_what_it_cannot_read_and_counts_the_rest(data: Path, tmp_path: Path) -> None:
    line = {"v": 1, "session": "s1", "item": "Source.", "text": "", "label": "human", "events": []}
    (tmp_path / "sessions.jsonl").write_text(json.dumps(line) + "\n")
    done = keytrail("evaluate", "sessions.jsonl", "--out", "page.md", data=data)
    assert done.returncode == 0, done.stderr
    assert "The budget is met" in (tmp_path / "page.md").read_text()
    assert keytrail("evaluate", "nowhere", "--out", "page.md", data=data).returncode == 2
    assert keytrail("evaluate", "sessions.jsonl", "--unlabelled", "maybe", data=data).returncode == 2

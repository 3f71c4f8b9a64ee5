"""Files that are nested too deeply, or contain numbers that Python does not read, get an error message."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from keytrail.errors import ImportFailed
from keytrail.imports.keylog import read_keylog
from keytrail.imports.wire import read_wire
from keytrail.requester.study.form import StudyForm
from keytrail.studies.definition import read_definition
from keytrail.studies.items import read_items

DEEP = "[" * 100_000
LONGEST = "1" * 5000
ENDED = "]" * 100_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.toml", f"title = {DEEP}{ENDED}"),
        ("a.toml", f"title = {LONGEST}"),
        ("a.yaml", f"title: {'[' * 5000}{']' * 5000}"),
        ("a.yaml", f"title: {LONGEST}"),
        ("a.yaml", "title: 2026-13-45"),
    ],
)
def test_a_study_definition(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(ImportFailed):
        read_definition(tmp_path / name)


@pytest.mark.parametrize("content", [f'{{"id": "a", "text": {DEEP}{ENDED}}}', f'{{"id": {LONGEST}, "text": "b"}}'])
def test_items_and_recorded_sessions(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(content)
    with pytest.raises(ImportFailed):
        read_items(file)
    with pytest.raises(ImportFailed):
        read_wire(file, datetime(2026, 3, 1, tzinfo=UTC))


def test_a_key_log(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("original_text,text,log_of_what_they_did,datetime\n" + f'a,b,"{DEEP}{ENDED}",2023-01-01T00:00:00\n')
    with pytest.raises(ImportFailed, match="1 problem"):
        read_keylog(file)


@pytest.mark.parametrize("written", [f"{DEEP}{ENDED}", LONGEST, f"0x{'f' * 5000}"], ids=["deep", "long", "hexadecimal"])
@pytest.mark.parametrize("name", ["limit_external_high_share", "limit_key_window_ms"])
def test_the_settings_in_a_studys_form(written: str, name: str) -> None:
    form = StudyForm.sent({"title": "T", "instructions": "I", name: written}).definition()
    assert isinstance(form, StudyForm)
    assert "leave the field empty" in form.problems[name]

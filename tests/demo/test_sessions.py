"""The recorded sessions of the demo get the verdicts that follow from how they were made."""

import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from keytrail.demo.people.styles import STYLES
from keytrail.demo.people.writings import read_sources
from keytrail.demo.studies import ABSTRACTS, COMPARED, GERMAN, RECORDED
from keytrail.imports.wire import read_wire
from keytrail.provenance import EpochLog, Origin, Report, Verdict, WritingLog, analyse, decode_all

pytestmark = pytest.mark.xdist_group("demo")

FILES = [(study, path) for study in RECORDED for path in study.files]
STYLE_OF = {f"simulated: {style.label}": name for name, style in STYLES.items()}

WRITTEN = ("typed", "dragged", "cut", "undone", "reworked", "refused, typed")
FLAGGED = ("pasted", "edited", "value", "command")


@cache
def sessions() -> list[dict[str, Any]]:
    """Each study numbers its sessions from 0, so that the study's name is put before."""
    return [
        session | {"study": study.slug, "session": f"{study.slug} {session['session']}"}
        for study, path in FILES
        for session in map(json.loads, gzip.decompress(path.read_bytes()).splitlines())
    ]


def of_styles(*styles: str) -> list[dict[str, Any]]:
    return [session for session in sessions() if STYLE_OF[session["label"]] in styles]


@cache
def report(name: str) -> Report:
    session = next(session for session in sessions() if session["session"] == name)
    epoch = EpochLog(decode_all(session["events"]))
    return analyse(WritingLog([epoch], session["text"], session["item"]))


def findings(session: dict[str, Any]) -> set[str]:
    return {finding.rule for finding in report(session["session"]).findings}


@pytest.mark.parametrize("path", [path for _, path in FILES], ids=lambda path: path.name)
def test_files_are_small_and_importable(path: Path) -> None:
    assert path.stat().st_size < 450_000
    read = read_wire(path, datetime(2026, 11, 1, tzinfo=UTC))
    assert len({session.session for session in read}) == len(read)
    assert all(session.label and session.label.startswith("simulated: ") for session in read)


def test_there_is_enough_to_look_at() -> None:
    assert {STYLE_OF[session["label"]] for session in sessions()} == set(STYLES)
    studies = Counter(session["study"] for session in sessions())
    assert studies[ABSTRACTS.slug] == 200
    assert studies[COMPARED.slug] >= 40
    assert studies[GERMAN.slug] >= 10
    assert all(session["simulated"] is True for session in sessions())
    assert len({session["session"] for session in sessions()}) == len(sessions())


def test_nobody_summarises_an_item_twice() -> None:
    assert max(Counter((session["worker"], session["item_id"]) for session in sessions()).values()) == 1


def test_items_are_the_study_s() -> None:
    texts = {source.key: source.text for study in RECORDED for source in read_sources(study.items)}
    assert {session["item_id"]: session["item"] for session in sessions()}.items() <= texts.items()


def test_every_log_explains_its_text() -> None:
    for session in sessions():
        assert "log_inconsistent" not in findings(session), session["session"]
        assert "log_incomplete" not in findings(session), session["session"]
        assert Origin.UNKNOWN not in report(session["session"]).origins, session["session"]


def test_written_texts_are_clear() -> None:
    for session in of_styles(*WRITTEN):
        assert report(session["session"]).verdict is Verdict.CLEAR, (session["session"], findings(session))


def test_texts_from_elsewhere_are_strong() -> None:
    for session in of_styles(*FLAGGED):
        assert report(session["session"]).verdict is Verdict.STRONG, (session["session"], findings(session))


def test_texts_from_the_source_are_kept_apart() -> None:
    for session in of_styles("source"):
        assert "source_copied" in findings(session)
        assert report(session["session"]).verdict is Verdict.REVIEW
        assert report(session["session"]).origins[Origin.SOURCE] > len(session["text"]) / 2


def test_copying_out_is_never_more_than_worth_a_look() -> None:
    for session in of_styles("transcribed", "refused"):
        assert report(session["session"]).verdict in {Verdict.CLEAR, Verdict.REVIEW}


def test_dictation_is_worth_a_look_and_no_more() -> None:
    for session in of_styles("dictated"):
        assert findings(session) == {"untyped_text"}, session["session"]
        assert report(session["session"]).verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    ("style", "origin"),
    [
        ("pasted", Origin.EXTERNAL),
        ("value", Origin.SILENT),
        ("command", Origin.SCRIPT),
        ("dictated", Origin.NOKEY),
        ("transcribed", Origin.TYPED),
        ("typed", Origin.TYPED),
    ],
)
def test_the_whole_text_has_the_origin_of_its_making(style: str, origin: Origin) -> None:
    for session in of_styles(style):
        assert report(session["session"]).origins == {origin: len(session["text"])}, session["session"]


def test_own_text_that_was_moved_keeps_its_typing() -> None:
    for session in of_styles("dragged", "cut", "undone"):
        assert report(session["session"]).accounted_share == 1, session["session"]


def test_what_the_page_refused_is_nowhere_in_the_text() -> None:
    """Which condition a session was recorded in is known from its page, and the log bears it out."""
    names = {condition.name for condition in COMPARED.definition.conditions}
    for session in sessions():
        assert ("condition" in session) == (session["study"] == COMPARED.slug)
        pastes = [event for event in session["events"] if event[1] == "p"]
        tried = report(session["session"]).measures["pastes_prevented"]
        assert (tried > 0) == (STYLE_OF[session["label"]] in {"refused", "refused, typed"})
        if session.get("condition") == "no pasting":
            assert Origin.EXTERNAL not in report(session["session"]).origins
            assert len(pastes) == tried
    assert {session.get("condition") for session in sessions()} == {None, *names}

"""Logs that our recorder in a browser cannot have made."""

from dataclasses import replace
from typing import Any

import pytest

from keytrail.provenance import Report, Verdict, WritingLog, analyse
from tests.provenance.writer import ITEM, Writer

BROWSER: dict[str, Any] = {
    "v": "1.0", "lang": "en", "tz": "Europe/Paris", "vw": 900, "vh": 700, "touch": 0, "webdriver": False,
    "nav": "navigate", "visible": True, "focused": True, "framed": True,
}  # fmt: skip


def report_of(events: list[list[Any]] = [], *, live: bool = True, ahead_ms: int = 0, **environment: Any) -> Report:  # noqa: B006 - read only
    writer = Writer(**{**BROWSER, **environment}).type("People walk in the shade.")
    for _, *event in events:
        writer.log(*event)
    epoch = replace(writer.finish().epoch(), live=live, ahead_ms=ahead_ms)
    return analyse(WritingLog([epoch], writer.text, ITEM))


def rules(report: Report) -> set[str]:
    forged = {"unknown_recorder", "impossible_environment", "log_ahead_of_time"}
    return {found.rule for found in report.findings} & forged


def test_what_a_browser_tells_is_believed() -> None:
    assert rules(report_of()) == set()
    assert rules(report_of(touch=10, pointer="coarse", tick=100)) == set()
    assert rules(report_of(tick=1000)) == set()  # rounded to protect the worker


def test_another_recorder_is_worth_a_look() -> None:
    report = report_of(v="9.9")
    assert rules(report) == {"unknown_recorder"}
    assert report.verdict is Verdict.REVIEW


def test_what_was_imported_may_come_from_any_program() -> None:
    assert rules(report_of(v="other 2.1", live=False, tick=0, touch=0, pointer="coarse")) == set()


@pytest.mark.parametrize(
    ("environment", "events", "words"),
    [
        ({"pointer": "coarse", "touch": 0}, [], "coarse pointer"),
        ({"agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)"}, [], "iPhone"),
        ({"tick": 0}, [], "steps of 0 ms"),
        ({"tick": 500}, [], "steps of 500 ms"),
        ({}, [[0, "q", 0, 0, 0, 0, 3, 0]], "was touched"),
    ],
)
def test_a_browser_that_cannot_be_is_worth_a_look(
    environment: dict[str, Any], events: list[list[Any]], words: str
) -> None:
    report = report_of(events, **environment)
    assert rules(report) == {"impossible_environment"}
    assert any(words in found.explanation for found in report.findings)


def test_a_log_without_the_usual_facts_is_worth_a_look() -> None:
    writer = Writer(v="1.0").type("People walk.")
    report = analyse(WritingLog([replace(writer.epoch(), live=True)], writer.text, ITEM))
    assert "impossible_environment" in rules(report)


@pytest.mark.parametrize(
    ("ahead_ms", "verdict"), [(0, Verdict.CLEAR), (9_000, Verdict.CLEAR), (12_000, Verdict.REVIEW)]
)
def test_a_log_ahead_of_time(ahead_ms: int, verdict: Verdict) -> None:
    assert report_of(ahead_ms=ahead_ms).verdict is verdict


def test_a_log_of_minutes_that_came_at_once_is_strong_whatever_is_missing() -> None:
    writer = Writer(**BROWSER).wait(107_000).type("People walk in the shade.")
    epoch = replace(writer.epoch(), live=True, ahead_ms=106_000)
    report = analyse(WritingLog([epoch], writer.text, ITEM, complete=False))
    assert "log_incomplete" in {found.rule for found in report.findings}
    assert report.verdict is Verdict.STRONG

"""Counting alarms on labelled sessions."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from keytrail.evaluation.alarm_counts import alarms, receiver_curve
from keytrail.evaluation.alarm_figures import figures_module
from keytrail.evaluation.budget import broken
from keytrail.evaluation.judging import Judged, judge
from keytrail.evaluation.page import page
from keytrail.evaluation.reading import find
from keytrail.provenance import Severity, Verdict
from keytrail.provenance.rules.false_alarm_figures import RuleCount
from keytrail.text.prevalence.intervals import exact
from tests.imports.test_other_loggers import idfx_file, keyboard
from tests.provenance.writer import Writer


def judged(writer: str, verdict: Verdict = Verdict.CLEAR, **others: Any) -> Judged:
    given: dict[str, Any] = {
        "dataset": "set",
        "session": "",
        "writer": writer,
        "honest": True,
        "groups": {},
        "applied": frozenset({"linear_production"}),
        "fired": {"linear_production": Severity.REVIEW} if verdict is Verdict.REVIEW else {},
        "verdict": verdict,
        "score": 0.0,
        "scores": {},
    }
    return Judged(**given | others)


def test_exact_intervals_are_clopper_and_pearsons() -> None:
    """Their paper's example of 1934 and the rule of three."""
    assert (exact(0, 100).low, round(exact(0, 100).high, 4)) == (0.0, 0.0362)
    assert [round(value, 4) for value in (exact(1, 10).low, exact(1, 10).high)] == [0.0025, 0.445]
    assert (exact(5, 5).high, exact(0, 0).high) == (1.0, 1.0)


def test_alarms_are_counted_by_session_and_by_writer() -> None:
    sessions = [judged("a", Verdict.REVIEW), judged("a", Verdict.REVIEW), judged("a"), judged("b")]
    found = alarms(sessions, lambda one: one.verdict == Verdict.REVIEW)
    assert (found.alarmed, found.sessions, found.writers_alarmed, found.writers) == (2, 4, 1, 2)


def test_the_budget_names_what_is_over_it() -> None:
    within = [judged(f"w{number}", groups={"first_language": "Urdu"}) for number in range(100)]
    assert list(broken(within)) == []
    [over] = broken([*within, *[judged(f"v{number}", Verdict.REVIEW) for number in range(3)]])
    assert over.startswith("set: 3 of 103 in review")
    urdu = [judged(f"u{number}", Verdict.REVIEW, groups={"first_language": "Urdu"}) for number in range(2)]
    many = [judged(f"m{number}") for number in range(100)]
    small = [one for one in within if one.writer in {f"w{number}" for number in range(10)}]
    assert list(broken([*small, *urdu, *many])) == [
        "set, first language Urdu: 2 of 12 in review for mechanics and linearity (16.7%)"
    ]
    assert any("strong" in line for line in broken([*within, judged("s", Verdict.STRONG)]))
    high = judged("h", Verdict.REVIEW, applied=frozenset({"ghost_keys"}), fired={"ghost_keys": Severity.HIGH})
    assert "ghost_keys: high on 1 of 1 honest sessions (100.00%)" in list(broken([*within, high]))


def test_the_curve_of_a_score() -> None:
    area, caught = receiver_curve([0.1, 0.2, 0.3, 0.4], [0.35, 0.5], [0.0, 0.25])
    assert area == pytest.approx(7 / 8)
    assert caught == [0.5, 1.0]


def test_a_folder_of_several_formats_is_read_and_counted(tmp_path: Path) -> None:
    line = {"v": 1, "item": "", "text": "abc", "events": Writer().type("abc").finish().events, "worker": "w"}
    lines = [line | {"session": "s1", "label": "human"}, line | {"session": "s2", "label": "tool"}]
    (tmp_path / "ours.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (tmp_path / "notes.jsonl").write_text('{"id": 1}')
    essays = tmp_path / "essays"
    essays.mkdir()
    idfx_file(essays / "e1.idfx", keyboard(0, 90, "VK_A", "a"))
    with (essays / "writers.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["id", "first_language"], ["e1", "Thai"]])
    found = find([tmp_path])
    sessions = list(judge(found))
    kinds = {one.session: (one.dataset, one.honest, one.groups.get("first_language")) for one in sessions}
    assert kinds == {
        "e1": ("essays", True, "Thai"),
        "s1": (tmp_path.name, True, None),
        "s2": (tmp_path.name, False, None),
    }
    assert [name for name, _ in found.skipped] == ["notes.jsonl"]
    assert {one.session for one in judge(found, unlabelled=None)} == {"s1", "s2"}
    text = page(sessions, found.skipped, date(2026, 3, 1))
    assert "| essays | honest |" in text
    assert "- notes.jsonl: " in text


def test_the_product_can_read_the_figures_that_are_written_for_it() -> None:
    written = figures_module([judged(f"w{number}") for number in range(10)], date(2026, 3, 1))
    module: dict[str, Any] = {}
    exec(compile(written, "figures", "exec"), module)
    (row,) = module["COUNTED"]
    assert type(row).__name__ == RuleCount.__name__
    assert row == RuleCount(*row)
    assert row.sessions == 10


def test_who_copies_a_text_out_has_an_honest_hand(tmp_path: Path) -> None:
    header = "task,writer,waits,words,keys,interval_log_sd,hold_median_ms,pause_share,mean_pause_ms,sentence_pause_ms,"
    header += "words_per_minute,final_share,deleted_share,away_from_edge_share"
    row = "copied_sentences,C1,,110,650,0.55,100,0.2,600,1300,20,0.98,0.02,0"
    (tmp_path / "measures.csv").write_text(f"{header}\n{row}\n")
    hand, text = judge(find([tmp_path]))
    assert (hand.honest, sorted(hand.applied), dict(hand.fired)) == (True, ["ghost_keys", "machine_rhythm"], {})
    assert (text.honest, dict(text.fired)) == (False, {"linear_production": Severity.REVIEW})

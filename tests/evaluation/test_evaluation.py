"""Counting alarms on labelled sessions."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from keytrail.cli import app
from keytrail.evaluation.alarm_counts import OTHERS, alarms, by_rule, receiver_curve, subsets_of
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
        "set, first language Urdu: 2 of 12 in review for mechanics and linearity (16.7 %)"
    ]
    assert any("strong" in line for line in broken([*within, judged("s", Verdict.STRONG)]))
    high = judged("h", Verdict.REVIEW, applied=frozenset({"ghost_keys"}), fired={"ghost_keys": Severity.HIGH})
    assert "ghost_keys: high on 1 of 1 honest sessions (100.00 %)" in list(broken([*within, high]))


def languages() -> list[Judged]:
    """Twelve writers of Urdu with two sessions each, two of Thai and three of Lao with one each."""
    many = [judged(f"u{number}", groups={"first_language": "Urdu"}) for number in [*range(12), *range(1, 12)]]
    strong = judged("u0", Verdict.STRONG, groups={"first_language": "Urdu", "device": "Touch screen"})
    thai = [
        judged("t0", Verdict.REVIEW, groups={"first_language": "Thai"}),
        judged("t1", groups={"first_language": "Thai"}),
    ]
    lao = [judged(f"l{number}", Verdict.UNVERIFIABLE, groups={"first_language": "Lao"}) for number in range(3)]
    return [*many, strong, *thai, *lao]


def test_small_groups_are_counted_together() -> None:
    subsets = [(subset.name, len(subset.sessions)) for subset in subsets_of(languages())]
    assert subsets == [
        ("", 29),
        ("first language: Urdu", 24),
        (f"first language: {OTHERS}", 5),
        (f"device: {OTHERS}", 1),
    ]


def small_languages() -> list[Judged]:
    """Twelve writers of twelve first languages."""
    return [judged(f"s{number}", groups={"first_language": f"Language {number}"}) for number in range(12)]


def cells(line: str) -> list[str]:
    """The cells of a row, without the intervals, which have a test of their own."""
    return [cell.split(" (")[0] for cell in line.strip("| ").split(" | ")]


def tables(text: str, title: str) -> list[list[list[str]]]:
    """The rows of each table below a heading, without their heads."""
    found: list[list[list[str]]] = []
    for line in text.split(f"\n## {title}\n")[1].split("\n## ", maxsplit=1)[0].splitlines():
        if line.startswith("|---"):
            found.append([])
        elif line.startswith("| ") and found and not line.startswith("| set | group"):
            found[-1].append(cells(line))
    return found


def test_the_page_shows_each_verdict_and_each_rule_that_fired_by_group() -> None:
    text = page(languages(), [], date(2026, 3, 1))
    verdicts, rules = (table for table in tables(text, "By group, on honest sessions"))
    assert verdicts == [
        ["set", "first language: Urdu", *("1 of 24", "1 of 12"), *("0 of 24", "0 of 12") * 3],
        ["set", f"first language: {OTHERS}", *("0 of 5",) * 2, *("1 of 5",) * 2, *("3 of 5",) * 2, *("1 of 5",) * 2],
        ["set", f"device: {OTHERS}", *("1 of 1",) * 2, *("0 of 1",) * 6],
    ]
    assert rules == [["set", f"first language: {OTHERS}", "`linear_production`", "1 of 5", "0", "1 of 5"]]
    assert "Thai" not in text
    [everybody] = tables(text, "Verdicts")[0]
    assert everybody[2:] == [
        *("1 of 29", "1 of 17"),
        *("1 of 29", "1 of 17"),
        *("3 of 29", "3 of 17"),
        *("1 of 29", "1 of 17"),
    ]


def test_the_command_prints_verdicts_and_rules(tmp_path: Path) -> None:
    line = {"v": 1, "item": "", "text": "abc", "events": Writer().type("abc").finish().events, "worker": "w"}
    (tmp_path / "ours.jsonl").write_text(json.dumps(line | {"session": "s1", "label": "human"}))
    out = tmp_path / "page.md"
    done = CliRunner().invoke(app, ["evaluate", str(tmp_path), "--out", str(out)], env={"COLUMNS": "240"})
    assert done.exit_code == 0, done.output
    printed = [[cell.strip() for cell in row.split("│")[1:-1]] for row in done.output.splitlines() if "│" in row]
    assert ["verdict: strong", tmp_path.name, "", *("0 of 1", "0.0 % to 97.5 %") * 2] in printed
    assert any(row[0] == "external_text" for row in printed)
    assert out.read_text().startswith("# Evaluation on labelled sessions")


def test_the_figures_of_the_product_leave_out_groups_that_were_put_together() -> None:
    assert OTHERS not in figures_module([*languages(), *small_languages()], date(2026, 3, 1))


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


def test_who_says_that_they_use_input_aids_is_a_group_with_figures_of_its_own(tmp_path: Path) -> None:
    line = {"v": 1, "item": "", "text": "abc", "events": Writer().type("abc").finish().events, "label": "human"}
    lines = [
        line | {"session": f"s{number}", "worker": f"w{number}"} | ({"input_aids": "Yes"} if number < 10 else {})
        for number in range(25)
    ]
    (tmp_path / "ours.jsonl").write_text("\n".join(map(json.dumps, lines)))
    sessions = list(judge(find([tmp_path])))
    assert [one.groups.get("input_aids") for one in sessions] == ["Yes"] * 10 + [None] * 15
    (one_rule, *_) = {one.rule for one in by_rule(sessions)}
    counted = {(one.group, one.value): one.alarms.writers for one in by_rule(sessions) if one.rule == one_rule}
    assert (counted["", ""], counted["input_aids", "Yes"]) == (25, 10)
    assert f'RuleCount("{one_rule}", "{tmp_path.name}", "input_aids", "Yes", 0, 10, 0, 10)' in figures_module(
        sessions, date(2026, 3, 1)
    )
    assert "| input aids: Yes | 0 of 10 " in page(sessions, [], date(2026, 3, 1))


def test_who_copies_a_text_out_has_an_honest_hand(tmp_path: Path) -> None:
    header = "task,writer,waits,words,keys,interval_log_sd,hold_median_ms,pause_share,mean_pause_ms,sentence_pause_ms,"
    header += "words_per_minute,final_share,deleted_share,away_from_edge_share"
    row = "copied_sentences,C1,,110,650,0.55,100,0.2,600,1300,20,0.98,0.02,0"
    (tmp_path / "measures.csv").write_text(f"{header}\n{row}\n")
    hand, text = judge(find([tmp_path]))
    assert (hand.honest, sorted(hand.applied), dict(hand.fired)) == (True, ["ghost_keys", "machine_rhythm"], {})
    assert (text.honest, dict(text.fired)) == (False, {"linear_production": Severity.REVIEW})

"""The budget of false alarms on the available field data, and that the product quotes these counts.

The rules will also be judged on held-out sessions of the same kinds.
"""

from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random

import pytest

from keytrail.evaluation.alarm_counts import by_rule
from keytrail.evaluation.budget import broken
from keytrail.evaluation.judging import LIMITS, Judged, judge
from keytrail.evaluation.reading import find
from keytrail.provenance import EpochLog, Verdict, WritingLog, decode_all, to_units
from keytrail.provenance.analysis import facts_of
from keytrail.provenance.final_text import explain
from keytrail.provenance.replay.replay import replay
from keytrail.provenance.rules.applying import why_no_pairs
from keytrail.provenance.rules.false_alarm_figures import COUNTED
from keytrail.provenance.rules.mechanics import no_digraph_coupling
from keytrail.provenance.rules.rhythm import Rhythm
from tests.fielddata import field_data

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("gate")]


@pytest.fixture(scope="module")
def folder() -> Path:
    return field_data()


def shuffled_and_honest(folder: Path) -> tuple[int, int, int]:
    """Sessions that `no_digraph_coupling` can judge, those seen when their intervals are shuffled, and as they were."""
    random, judged, seen, honest = Random(15), 0, 0, 0
    for one in find([folder / "l2essays"]).sessions:
        log = WritingLog([EpochLog(decode_all(one.session.epochs[0]))], one.session.text, "")
        replayed = replay(log, LIMITS)
        facts = facts_of(log, replayed, explain(replayed, to_units(log.final_text), 0))
        if why_no_pairs(facts, LIMITS):
            continue
        downs = facts.rhythm.judged
        gaps = [two.at_ms - one.at_ms for one, two in pairwise(downs)]
        random.shuffle(gaps)
        moved = [down._replace(at_ms=at) for down, at in zip(downs, accumulate(gaps, initial=0), strict=True)]
        judged += 1
        honest += no_digraph_coupling(facts, LIMITS) is not None
        seen += no_digraph_coupling(replace(facts, rhythm=Rhythm(moved)), LIMITS) is not None
    return judged, seen, honest


@pytest.fixture(scope="module")
def sessions() -> list[Judged]:
    return list(judge(find([field_data()])))


def test_honest_people_are_within_the_budget(sessions: list[Judged]) -> None:
    assert sum(one.honest is True for one in sessions) >= 2_000
    assert list(broken(sessions)) == []


def test_three_quarters_of_the_essays_that_were_copied_out_are_worth_a_look(sessions: list[Judged]) -> None:
    copied = [one for one in sessions if one.dataset == "transcribed essays"]
    assert len(copied) >= 200
    assert sum(one.verdict == Verdict.REVIEW for one in copied) >= 0.75 * len(copied)


def test_what_the_product_says_is_what_was_counted(sessions: list[Judged]) -> None:
    counted = {
        (one.rule, one.dataset, one.group, one.value): one.alarms
        for one in by_rule([one for one in sessions if one.honest])
    }
    by_group = {row[:4]: row for row in COUNTED}
    assert by_group
    differing = [
        key
        for key, row in by_group.items()
        if (counted[key].alarmed, counted[key].sessions, counted[key].writers)
        != (row.alarmed, row.sessions, row.writers)
    ]
    assert differing == []


def test_a_log_of_keys_counts_for_no_rule_that_reads_other_events(sessions: list[Judged]) -> None:
    """A new rule is added here only if keys, pastes and copies alone can make it fire."""
    counted = {rule for one in sessions if one.dataset == "crowdwork" for rule in one.applied}
    assert counted <= {
        *("external_text", "retyped_paste", "key_deficit", "round_trip", "task_copied_out", "source_copied"),
        *("ghost_keys", "machine_rhythm", "no_digraph_coupling", "impossible_speed", "linear_production"),
        *("unusual_characters", "log_incomplete"),
    }


def test_shuffled_intervals_of_real_typists_are_seen(folder: Path) -> None:
    """At least nine in ten of those fast enough to be judged, and none of the same people as they typed."""
    judged, seen, honest = shuffled_and_honest(folder)
    assert judged >= 15
    assert seen >= 0.9 * judged
    assert honest == 0

"""The core's results on the available submissions of 2023. Held-out rows of the same kind will judge it."""

from collections import Counter
from math import comb
from pathlib import Path

import pytest

from keytrail.provenance import Finding, KeyLog, LoggedKey, LoggedPaste, Origin, Severity, Verdict, analyse_keylog
from tests.fielddata import field_data
from tests.provenance.field import Submission, mturk, prolific

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("field-logs")]

BUDGET = {Severity.HIGH: 0.003, Severity.REVIEW: 0.02}
SURE = 0.05


@pytest.fixture(scope="module")
def folder() -> Path:
    return field_data()


@pytest.fixture(scope="module")
def honest(folder: Path) -> list[Submission]:
    """Typed by their logs, and human by the follow-up's own classifier: some people type out what a model wrote."""
    return [one for one in prolific(folder) if one.typed and one.judged == "real"]


def share(submissions: tuple[Submission, ...]) -> float:
    return sum(one.explained for one in submissions) / sum(one.report.length for one in submissions)


def chance_of_as_many(count: int, trials: int, rate: float) -> float:
    """Probability of at least so many in so many trials at a rate."""
    return 1 - sum(comb(trials, few) * rate**few * (1 - rate) ** (trials - few) for few in range(count))


def test_nearly_every_character_gets_an_origin(folder: Path) -> None:
    assert share(mturk(folder)) >= 0.999
    assert share(prolific(folder)) >= 0.98


def test_what_is_unknown_lies_in_the_few_texts_that_came_without_keys_and_pastes(folder: Path) -> None:
    unknown = [one for one in prolific(folder) if one.report.origins.get(Origin.UNKNOWN, 0) > 0.1 * one.report.length]
    assert len(unknown) <= 4
    assert all(one.report.verdict is Verdict.UNVERIFIABLE for one in unknown)


def test_the_two_kinds_of_pasting_are_told_apart(folder: Path) -> None:
    kinds = Counter(
        "outside"
        if one.report.measures["units_by_origin_before_moving"].get("external", 0) * 2 > one.report.length
        else "abstract"
        if one.report.source_share >= 0.5
        else "typed"
        for one in mturk(folder)
    )
    assert kinds["outside"] + kinds["abstract"] >= 0.8 * len(mturk(folder))
    assert kinds["outside"] >= 10
    assert kinds["abstract"] >= 10


def test_a_log_does_not_explain_somebody_elses_text(folder: Path) -> None:
    """The control for guessing: the keys of one person held against the text of another on the same item."""
    typed = [one for one in prolific(folder) if one.typed]
    explained = length = 0
    for one in typed:
        others = [other for other in typed if other.log.item_text == one.log.item_text and other.name != one.name][:2]
        for other in others:
            keys = [item for item in one.log.items if isinstance(item, LoggedKey)]
            report = analyse_keylog(KeyLog(keys, other.log.final_text, one.log.item_text))
            explained += report.length - report.origins.get(Origin.UNKNOWN, 0)
            length += report.length
    assert length > 20_000
    assert explained < 0.1 * length


def test_keys_alone_tell_hands_from_machines(folder: Path) -> None:
    rules = {"machine_rhythm", "impossible_speed"}
    everybody = [*mturk(folder), *prolific(folder)]
    fired = [one.name for one in everybody if rules & {finding.rule for finding in one.report.findings}]
    assert fired == []
    assert sum(one.report.measures["keys"] >= 150 for one in everybody) >= 60


def test_the_false_alarm_budget(honest: list[Submission]) -> None:
    """High rules fire on at most 0.3 % of honest people, review rules on at most 2 %.

    With so few people a count can only refute the budget: it does if it had less than a 5 % chance within it.
    """
    fired: Counter[tuple[str, Severity]] = Counter()
    for one in honest:
        fired.update({(finding.rule, finding.severity) for finding in one.report.findings})
    over = {
        rule: count
        for (rule, severity), count in fired.items()
        if severity in BUDGET and chance_of_as_many(count, len(honest), BUDGET[severity]) < SURE
    }
    assert len(honest) >= 40
    assert over == {}


def test_no_honest_session_is_strong(honest: list[Submission]) -> None:
    assert [one.name for one in honest if one.report.verdict is Verdict.STRONG] == []


def test_every_paste_and_every_finding_has_words(folder: Path) -> None:
    findings: list[Finding] = [finding for one in prolific(folder) for finding in one.report.findings]
    assert findings
    assert all(finding.explanation.endswith(".") and finding.false_alarm for finding in findings)
    pasted = [one for one in prolific(folder) if any(isinstance(item, LoggedPaste) for item in one.log.items)]
    assert all(one.report.measures["pastes"] for one in pasted)

"""Rows of a list in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keytrail.requester.wording import ANALYSIS_FAILED, DECIDED, SEVERITIES, VERDICTS, Word
from keytrail.review.judging.settlement import is_open
from keytrail.review.queue.filters import DISAGREED, OPEN, UNDECIDED, WAITING
from keytrail.review.queue.listing import ListedSubmission
from keytrail.synthetic.rules import rule_title
from keytrail.web.formatting import percent


@dataclass(frozen=True)
class FindingChip:
    """A finding's short name; `severity` chooses its look, `weight` is the severity in words."""

    title: str
    severity: str
    weight: str


@dataclass(frozen=True)
class QueueRow:
    """One submission in words. `held` says that another reviewer has claimed it.

    `decision_key` chooses the look of `decision`: its kind, UNDECIDED, or OPEN while others are still to judge.
    """

    line: ListedSubmission
    verdict_key: str
    verdict: Word
    decision_key: str
    decision: str
    arrived: str
    findings: Sequence[FindingChip]
    held: bool


def arrived_text(share: float | None) -> str:
    """Say how much arrived without typing; empty where unknown."""
    return "" if share is None else percent(share)


def row_of(line: ListedSubmission, wanted: int, user_id: int = 0, now: datetime | None = None) -> QueueRow:
    """Return a line for its reader; without a reader nothing counts as claimed. `wanted` reviewers are required."""
    verdict_key = line.verdict or WAITING
    held = line.claimed_by_id not in {None, user_id} and bool(now and line.claimed_until and line.claimed_until > now)
    decision_key, decision = _decided(line, wanted)
    return QueueRow(
        line=line,
        verdict_key=verdict_key,
        verdict=ANALYSIS_FAILED if line.failed else VERDICTS.get(verdict_key) or Word(verdict_key, ""),
        decision_key=decision_key,
        decision=decision,
        arrived=arrived_text(line.arrived_share),
        findings=[
            FindingChip(rule_title(f.rule), f.severity, SEVERITIES.get(f.severity, f.severity)) for f in line.findings
        ],
        held=held,
    )


def _decided(line: ListedSubmission, wanted: int) -> tuple[str, str]:
    """Return the decision; while others are still to judge, only the number of decisions, so that they judge
    independently.
    """
    key = OPEN if is_open(line.decision, line.settled) else line.decision or UNDECIDED
    if key == OPEN and line.reviewers < wanted:
        return key, f"{line.reviewers} of {wanted} reviewers decided"
    if key == OPEN and line.reviewers > 1:
        return DISAGREED, DECIDED[DISAGREED]
    return key, DECIDED.get(key, key)

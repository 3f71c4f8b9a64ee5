"""Settle submissions: copies of the latest report and decisions, and the place in the queue, written only here."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, select

from keytrail.models import Decision, DecisionKind, Role, StoredReport, Study, Submission, User
from keytrail.provenance import Verdict
from keytrail.review.judging.arrived_share import arrived_share

# The queue shows the most evident first. An unverifiable log comes after what the log shows, before what is clear.
_RANK: Final[Mapping[str, float]] = {
    Verdict.STRONG: 3.0,
    Verdict.REVIEW: 2.0,
    Verdict.UNVERIFIABLE: 1.0,
    Verdict.CLEAR: 0.0,
}

VERDICTS_IN_ORDER: Final = tuple(_RANK)
FLAGGED: Final = (Verdict.STRONG, Verdict.REVIEW)
"""Verdicts that count as flagged in figures about a study and its workers."""


def record_report(submission: Submission, report: StoredReport) -> None:
    """Copy what lists need of a new report to the submission."""
    submission.verdict = report.verdict
    submission.attention = attention(report.verdict, report.score)
    submission.arrived_share = arrived_share(report)
    submission.duration_ms = report.duration_ms


def record_decisions(submission: Submission, decisions: Sequence[Decision], reviews_wanted: int) -> None:
    """Copy decisions to the submission. `decisions` are all of its decisions, newest first."""
    latest = latest_decisions(decisions)
    submission.reviewers = len(latest)
    submission.decision = latest[0].kind if latest else None
    submission.settled = is_settled(latest, reviews_wanted)


def record_reviews_wanted(submission: Submission, decisions: Sequence[Decision], reviews_wanted: int) -> bool:
    """Apply another number of required reviewers; return whether `settled` changed.

    An open submission on which reviewers differ stays open: a person settles it, never a number.
    """
    latest, before = latest_decisions(decisions), submission.settled
    submission.settled = is_settled(latest, reviews_wanted) and (before or _of_one_mind(latest))
    return submission.settled != before


def latest_decisions(decisions: Sequence[Decision]) -> list[Decision]:
    """Return each reviewer's last decision, newest first, without undone ones. Takes decisions newest first."""
    latest: dict[int, Decision] = {}
    for decision in decisions:
        latest.setdefault(decision.user_id, decision)
    return [decision for decision in latest.values() if decision.kind != DecisionKind.WITHDRAWN]


def is_settled(latest: Sequence[Decision], reviews_wanted: int) -> bool:
    """Return whether enough people have decided and none asks for a second look.

    Where several reviewers are required and they differ, one more decides.
    """
    if not latest or latest[0].kind == DecisionKind.SECOND_LOOK or len(latest) < reviews_wanted:
        return False
    return _of_one_mind(latest) or len(latest) > reviews_wanted or reviews_wanted == 1


def is_open(decision: str | None, settled: bool) -> bool:  # noqa: FBT001  # the two columns, as they stand
    """Return whether somebody has decided while others are still to judge; until then the decision is hidden.

    A request for a second look is shown, because it asks somebody to come. Where one reviewer is required, only
    submissions on which two differed when the study required more stay open.
    """
    return not settled and decision is not None and decision != DecisionKind.SECOND_LOOK


def open_ones() -> ColumnElement[bool]:
    """The same condition as `is_open`, for a query."""
    return (
        Submission.settled.is_(False)
        & Submission.decision.is_not(None)
        & (Submission.decision != DecisionKind.SECOND_LOOK)
    )


def disagreements() -> ColumnElement[bool]:
    """Submissions, in a query, on which as many reviewers as the study asks for decided differently."""
    wanted = select(Study.reviews_per_submission).where(Study.id == Submission.study_id).scalar_subquery()
    return open_ones() & (Submission.reviewers > 1) & (Submission.reviewers >= wanted)


def is_disagreement(latest: Sequence[Decision], reviews_wanted: int) -> bool:
    """The same of one submission's latest decisions."""
    undecided = not latest or latest[0].kind == DecisionKind.SECOND_LOOK
    return not undecided and len(latest) >= max(2, reviews_wanted) and not is_settled(latest, max(2, reviews_wanted))


def decides_unseen(latest: Sequence[Decision], submission: Submission, user: User, role: Role) -> bool:
    """Return whether this reader has yet to decide independently, and so must not see others' decisions.

    The submission's study must be loaded.
    """
    own = any(decision.user_id == user.id for decision in latest)
    return submission.study.reviews_per_submission > 1 and not own and not submission.settled and role != Role.VIEWER


def attention_range(verdict: str) -> tuple[float, float]:
    """Return the range of a verdict's places in the queue: from (inclusive) and to (exclusive)."""
    rank = _RANK.get(verdict, 1.0)
    return rank, rank + 1


def attention(verdict: str, score: float) -> float:
    """Return the place in the queue: verdicts differ by whole numbers, the score (0 to 1) orders within one."""
    return _RANK.get(verdict, 1.0) + min(max(score, 0.0), 0.999)


def _of_one_mind(latest: Sequence[Decision]) -> bool:
    return len({decision.kind for decision in latest}) == 1

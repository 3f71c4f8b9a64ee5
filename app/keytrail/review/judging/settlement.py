"""Where a submission stands in the queue: copies of its latest verdict and decisions, written here alone."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from keytrail.models import Decision, DecisionKind, Role, StoredReport, Study, Submission, User

# The queue shows the most evident first. An unverifiable log comes after what the log shows, before what is clear.
_RANK = {"strong": 3.0, "review": 2.0, "unverifiable": 1.0, "clear": 0.0}

VERDICTS_IN_ORDER = tuple(_RANK)


def record_report(submission: Submission, report: StoredReport) -> None:
    """The submission was analysed anew."""
    submission.verdict = report.verdict
    submission.attention = attention(report.verdict, report.score)


def record_decisions(submission: Submission, decisions: Sequence[Decision], reviews_wanted: int) -> None:
    """Reviewers decided, or took decisions back. `decisions` are all of the submission's, newest first."""
    latest = latest_decisions(decisions)
    submission.reviewers = len(latest)
    submission.decision = latest[0].kind if latest else None
    submission.settled = is_settled(latest, reviews_wanted)


def record_reviews_wanted(submission: Submission, decisions: Sequence[Decision], reviews_wanted: int) -> bool:
    """The study asks for another number of reviewers; whether `settled` changed with it.

    An open text on which reviewers differ stays open: a person settles it, never a number.
    """
    latest, before = latest_decisions(decisions), submission.settled
    submission.settled = is_settled(latest, reviews_wanted) and (before or _of_one_mind(latest))
    return submission.settled != before


def latest_decisions(decisions: Sequence[Decision]) -> list[Decision]:
    """Each reviewer's last word, newest first, without those that were taken back. Takes decisions newest first."""
    latest: dict[int, Decision] = {}
    for decision in decisions:
        latest.setdefault(decision.user_id, decision)
    return [decision for decision in latest.values() if decision.kind != DecisionKind.WITHDRAWN]


def is_settled(latest: Sequence[Decision], reviews_wanted: int) -> bool:
    """Enough people have decided and nobody's last word asks for more.

    Where several are asked and they differ, one more decides.
    """
    if not latest or latest[0].kind == DecisionKind.SECOND_LOOK or len(latest) < reviews_wanted:
        return False
    return _of_one_mind(latest) or len(latest) > reviews_wanted or reviews_wanted == 1


def is_open(decision: str | None, settled: bool) -> bool:  # noqa: FBT001  # the two columns, as they stand
    """Somebody decided and others are still to judge: until they have, nobody is told what.

    A second look is told, since it asks somebody to come. Where one reviewer is asked, only texts stay open on which
    two differed when the study asked for more.
    """
    return not settled and decision is not None and decision != DecisionKind.SECOND_LOOK


def open_ones() -> ColumnElement[bool]:
    """The same of submissions in a query."""
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
    """Whether this reader has yet to decide, uninfluenced, and so is not shown what others said.

    The submission's study must be loaded.
    """
    own = any(decision.user_id == user.id for decision in latest)
    return submission.study.reviews_per_submission > 1 and not own and not submission.settled and role != Role.VIEWER


def attention_range(verdict: str) -> tuple[float, float]:
    """Where in the queue a verdict stands: from (inclusive) and to (exclusive)."""
    rank = _RANK.get(verdict, 1.0)
    return rank, rank + 1


def attention(verdict: str, score: float) -> float:
    """The place in the queue: verdicts apart by whole numbers, the score (0 to 1) within one."""
    return _RANK.get(verdict, 1.0) + min(max(score, 0.0), 0.999)


def _of_one_mind(latest: Sequence[Decision]) -> bool:
    return len({decision.kind for decision in latest}) == 1

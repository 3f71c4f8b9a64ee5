"""Where a submission stands in the queue: copies of its latest verdict and decision, written here alone."""

from app.models import DecisionKind, StoredReport, Submission

# The queue shows the most evident first. An unverifiable log comes after what the log shows, before what is clear.
_RANK = {"strong": 3.0, "review": 2.0, "unverifiable": 1.0, "clear": 0.0}


def note_report(submission: Submission, report: StoredReport) -> None:
    """The submission was analysed anew."""
    submission.verdict = report.verdict
    submission.attention = attention(report.verdict, report.score)


def note_decision(submission: Submission, kind: DecisionKind) -> None:
    """A reviewer decided, or took a decision back."""
    submission.decision = None if kind == DecisionKind.WITHDRAWN else kind


def attention(verdict: str, score: float) -> float:
    """The place in the queue: verdicts apart by whole numbers, the score (0 to 1) within one."""
    return _RANK.get(verdict, 1.0) + min(max(score, 0.0), 0.999)

"""Count workers' self-reports: shown beside the estimates, never beside a person's text."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.models import ModelUse, SelfReport, Study, Submission, WritingSession
from keytrail.text.prevalence.intervals import Interval, wilson

FEWEST: Final = 5
"""Number of answers below which no figure is shown, so that single answers cannot be inferred before decisions."""


@dataclass(frozen=True)
class SelfReportCounts:
    """Answers to the question after submission, of a study or of one of its conditions."""

    condition: str | None
    asked: int
    """Submissions whose writer was asked."""
    answered: int
    partly: int
    mostly: int

    @property
    def used(self) -> int:
        """Number of workers who reported using a model, for a part or for most of the text."""
        return self.partly + self.mostly

    @property
    def share(self) -> float:
        """That number divided by all answers."""
        return self.used / self.answered

    @property
    def interval(self) -> Interval:
        """Wilson's interval of that share."""
        return wilson(self.used, self.answered)

    def as_json(self) -> dict[str, Any]:
        """Return the fields as values that JSON can hold."""
        return asdict(self) | {"used": self.used, "interval": self.interval.as_json()}


def count_self_reports(db: Session, study: Study) -> Sequence[SelfReportCounts]:
    """Count the whole study first, then each condition if there are several; empty with fewer than FEWEST answers in
    all.

    A condition with fewer is left out. One statement.
    """
    found = db.execute(
        select(WritingSession.condition, SelfReport.model_use, func.count())
        .join(Submission, Submission.id == SelfReport.submission_id)
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .where(Submission.study_id == study.id)
        .group_by(WritingSession.condition, SelfReport.model_use)
    )
    whole: Counter[str] = Counter()
    split: dict[str, Counter[str]] = {}
    for condition, answer, number in found:
        whole[answer] += number
        if condition is not None:
            split.setdefault(condition, Counter())[answer] += number
    parts = [_counts(name, counts) for name, counts in sorted(split.items())] if len(split) > 1 else []
    return [counts for counts in (_counts(None, whole), *parts) if counts.answered >= FEWEST]


def _counts(condition: str | None, counts: Counter[str]) -> SelfReportCounts:
    asked = counts.total()
    return SelfReportCounts(
        condition,
        asked=asked,
        answered=asked - counts[ModelUse.UNANSWERED],
        partly=counts[ModelUse.PARTLY],
        mostly=counts[ModelUse.MOSTLY],
    )

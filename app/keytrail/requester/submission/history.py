"""What else the worker of a submission handed in. Without decisions: who reviews twice should not see them first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from keytrail.models import Submission
from keytrail.requester.queue.rows import arrived_text
from keytrail.requester.wording import VERDICTS, Word
from keytrail.review.figures.workers import history_of_worker
from keytrail.review.queue.filters import WAITING

_MOST = 8


@dataclass(frozen=True)
class HistoryLine:
    """Another submission of the same worker in the page's words."""

    public_id: str
    item_title: str
    verdict_key: str
    verdict: Word
    arrived: str
    submitted_at: datetime


def worker_history(db: Session, submission: Submission) -> Sequence[HistoryLine]:
    """The newest few."""
    lines = []
    for work in history_of_worker(db, submission, _MOST):
        key = work.verdict or WAITING
        lines.append(
            HistoryLine(
                public_id=work.public_id,
                item_title=work.item_title,
                verdict_key=key,
                verdict=VERDICTS[key],
                arrived=arrived_text(work.arrived_share),
                submitted_at=work.submitted_at,
            )
        )
    return lines

"""The order in which submissions are analysed: whoever makes analyses expensive waits behind everybody else."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from keytrail.models import Epoch, Submission
from keytrail.review.analysis.logs import USUAL_CHARACTERS, USUAL_EVENTS

_AT_A_TIME: Final = 500
"""Ids in one statement."""


class Lane(IntEnum):
    """Logs like those of honest sessions come first, then longer ones, then what failed before."""

    USUAL = 0
    LONG = 1
    AGAIN = 2


@dataclass(frozen=True, order=True)
class Queued:
    """A submission in its lane; `number` is its place there. `new` is one that was handed over after submission."""

    lane: Lane
    number: int
    submission_id: int
    new: bool


class AnalysisQueue:
    """Submissions that wait, each once: one lane after the other, and within a lane in the order of their arrival.

    Only the analyst's thread touches it.
    """

    def __init__(self) -> None:
        self._heap: list[Queued] = []
        self._present: set[int] = set()
        self._numbers = count()

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, db: Session, submission_ids: Sequence[int], *, new: bool) -> None:
        """Add first tries, each to the lane of its log."""
        long = _with_long_logs(db, submission_ids)
        for submission_id in submission_ids:
            self._push(Lane.LONG if submission_id in long else Lane.USUAL, submission_id, new=new)

    def add_again(self, submission_ids: Sequence[int]) -> None:
        """Add analyses that failed before."""
        for submission_id in submission_ids:
            self._push(Lane.AGAIN, submission_id, new=False)

    def take(self) -> Queued | None:
        """Remove and return the next; None if none waits."""
        if not self._heap:
            return None
        taken = heapq.heappop(self._heap)
        self._present.discard(taken.submission_id)
        return taken

    def _push(self, lane: Lane, submission_id: int, *, new: bool) -> None:
        if submission_id not in self._present:
            self._present.add(submission_id)
            heapq.heappush(self._heap, Queued(lane, next(self._numbers), submission_id, new))


def _with_long_logs(db: Session, submission_ids: Sequence[int]) -> set[int]:
    """Return those whose logs are longer than any honest session's."""
    long = or_(func.sum(Epoch.events) > USUAL_EVENTS, func.sum(Epoch.characters) > USUAL_CHARACTERS)
    found: set[int] = set()
    for start in range(0, len(submission_ids), _AT_A_TIME):
        some = submission_ids[start : start + _AT_A_TIME]
        query = select(Submission.id).join(Epoch, Epoch.session_id == Submission.session_id)
        found.update(db.scalars(query.where(Submission.id.in_(some)).group_by(Submission.id).having(long)))
    return found

"""Read submissions with their reports in small batches, whatever their number."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from keytrail.exports.selection import Selection
from keytrail.models import Submission, WritingSession

_PORTION = 200


def portions(db: Session, selection: Selection) -> Iterator[Sequence[Submission]]:
    """Yield batches of at most 200, oldest first, each read by its own statement so that no cursor stays open."""
    last = 0
    while True:
        found = db.scalars(
            selection.narrow(select(Submission))
            .where(Submission.id > last)
            .options(
                joinedload(Submission.report),
                joinedload(Submission.session).joinedload(WritingSession.item),
                joinedload(Submission.session).joinedload(WritingSession.worker),
            )
            .limit(_PORTION)
        ).all()
        if found:
            yield found
        if len(found) < _PORTION:
            return
        last = found[-1].id
        db.expunge_all()


def submissions(db: Session, selection: Selection) -> Iterator[Submission]:
    """Yield the selected submissions in the export's order; they are read in portions."""
    for portion in portions(db, selection):
        yield from portion

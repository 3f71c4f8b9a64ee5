"""How far studies are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.models import Item, Study, Submission

_FLAGGED = ("strong", "review")


@dataclass(frozen=True)
class Progress:
    """Counts of one study. `places` is how many submissions it takes in all; `flagged` are strong or review."""

    items: int = 0
    places: int = 0
    submitted: int = 0
    flagged: int = 0
    decided: int = 0
    flagged_open: int = 0
    waiting: int = 0


def progress_of(db: Session, study_ids: Sequence[int]) -> Mapping[int, Progress]:
    """The progress of each study, in two statements however many there are."""
    found = dict.fromkeys(study_ids, Progress())
    items = db.execute(
        select(Study.id, func.count(Item.id), Study.places_per_item)
        .outerjoin(Item, Item.study_id == Study.id)
        .where(Study.id.in_(study_ids))
        .group_by(Study.id)
    )
    for study_id, count, places in items:
        found[study_id] = Progress(items=count, places=count * places)
    flagged = Submission.verdict.in_(_FLAGGED)
    counts = db.execute(
        select(
            Submission.study_id,
            func.count(),
            func.count(case((flagged, 1))),
            func.count(Submission.decision),
            func.count(case((flagged & Submission.decision.is_(None), 1))),
            func.count(case((Submission.verdict.is_(None), 1))),
        )
        .where(Submission.study_id.in_(study_ids))
        .group_by(Submission.study_id)
    )
    for study_id, submitted, flags, decided, still_open, waiting in counts:
        found[study_id] = replace(
            found[study_id],
            submitted=submitted,
            flagged=flags,
            decided=decided,
            flagged_open=still_open,
            waiting=waiting,
        )
    return found

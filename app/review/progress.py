"""How far studies are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.models import DecisionKind, Item, SessionState, Study, Submission, WritingSession

_FLAGGED = ("strong", "review")


@dataclass(frozen=True)
class Progress:
    """Counts of one study. `places` is how many submissions it takes in all; `flagged` are strong or review.

    `waiting` are not analysed yet. Still in the queue are `flagged_open` (nobody has decided) and `second_looks`
    (somebody asked for one).
    """

    items: int = 0
    places: int = 0
    submitted: int = 0
    flagged: int = 0
    decided: int = 0
    flagged_open: int = 0
    waiting: int = 0
    second_looks: int = 0


def progress_of(db: Session, study_ids: Sequence[int]) -> Mapping[int, Progress]:
    """The progress of each study, in two statements however many there are."""
    found = dict.fromkeys(study_ids, Progress())
    for study_id, counts in _items(db, study_ids).items():
        found[study_id] = replace(found[study_id], **counts)
    for study_id, counts in _submissions(db, study_ids).items():
        found[study_id] = replace(found[study_id], **counts)
    return found


def _items(db: Session, study_ids: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    rows = db.execute(
        select(Study.id, func.count(Item.id), Study.places_per_item)
        .outerjoin(Item, Item.study_id == Study.id)
        .where(Study.id.in_(study_ids))
        .group_by(Study.id)
    )
    return {study_id: {"items": count, "places": count * places} for study_id, count, places in rows}


def _submissions(db: Session, study_ids: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    flagged = Submission.verdict.in_(_FLAGGED)
    # All of it stands in one index. Whatever asks for a second look is not settled, so that need not be looked up.
    counted = {
        "submitted": func.count(),
        "flagged": func.count(case((flagged, 1))),
        "decided": func.count(Submission.decision),
        "flagged_open": func.count(case((flagged & Submission.decision.is_(None), 1))),
        "waiting": func.count(case((Submission.verdict.is_(None), 1))),
        "second_looks": func.count(case((Submission.decision == DecisionKind.SECOND_LOOK, 1))),
    }
    rows = db.execute(
        select(Submission.study_id, *counted.values())
        .where(Submission.study_id.in_(study_ids))
        .group_by(Submission.study_id)
    )
    return {study_id: dict(zip(counted, counts, strict=True)) for study_id, *counts in rows}


def second_opinions(db: Session, study_ids: Sequence[int]) -> Mapping[int, int]:
    """Decided submissions whose study asks for more reviewers, in one statement; studies without any are left out."""
    several = select(Study.id).where(Study.id.in_(study_ids), Study.reviews_per_submission > 1)
    rows = db.execute(
        select(Submission.study_id, func.count())
        .where(
            Submission.study_id.in_(several),
            Submission.settled.is_(False),
            Submission.decision.is_not(None),
            Submission.decision != DecisionKind.SECOND_LOOK,
        )
        .group_by(Submission.study_id)
    )
    return dict(rows.all())


def under_way(db: Session, study_ids: Sequence[int], now: datetime) -> Mapping[int, int]:
    """Sessions in which somebody is writing now, in one statement; studies without any are left out."""
    # By way of the items, whose index has the state of their sessions.
    rows = db.execute(
        select(Item.study_id, func.count())
        .join(WritingSession, WritingSession.item_id == Item.id)
        .where(
            Item.study_id.in_(study_ids),
            WritingSession.state == SessionState.OPEN,
            WritingSession.expires_at > now,
        )
        .group_by(Item.study_id)
    )
    return dict(rows.all())

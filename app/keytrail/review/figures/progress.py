"""Progress of studies."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.models import AuditEntry, DecisionKind, Item, SessionState, Study, Submission, WritingSession
from keytrail.review.judging.settlement import FLAGGED, open_ones
from keytrail.review.queue.counts import Tally, tally_submissions


@dataclass(frozen=True)
class Progress:
    """Counts of one study. `places` is the number of submissions it takes in all; `flagged` are strong or review.

    `decided` are settled: what reviewers disagree on, or want to see again, is not. `waiting` are not analysed yet.
    Still in the queue are `flagged_open` (nobody has decided) and `second_looks` (somebody asked for one).
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
    """Return the progress of each study, with two statements for any number of studies."""
    tallies = tally_submissions(db, study_ids)
    return {
        study_id: with_tallies(offered, tallies.get(study_id, ()))
        for study_id, offered in offered_places(db, study_ids).items()
    }


def offered_places(db: Session, study_ids: Sequence[int]) -> Mapping[int, Progress]:
    """Return the items and places of each study, with one statement; its submissions are not counted."""
    rows = db.execute(
        select(Study.id, func.count(Item.id), Study.places_per_item)
        .outerjoin(Item, Item.study_id == Study.id)
        .where(Study.id.in_(study_ids))
        .group_by(Study.id)
    )
    found = {study_id: Progress(items=count, places=count * places) for study_id, count, places in rows}
    return dict.fromkeys(study_ids, Progress()) | found


def with_tallies(progress: Progress, tallies: Sequence[Tally]) -> Progress:
    """Return the progress of a study with its submissions counted."""
    counts: Counter[str] = Counter()
    for tally in tallies:
        for name in _counted_as(tally):
            counts[name] += tally.count
    return replace(progress, **counts)


def _counted_as(tally: Tally) -> Iterator[str]:
    """Return the counts of Progress that a submission belongs to; one with a requested second look is not settled."""
    yield "submitted"
    if tally.verdict in FLAGGED:
        yield "flagged"
        if tally.decision is None:
            yield "flagged_open"
    if tally.verdict is None:
        yield "waiting"
    if tally.settled:
        yield "decided"
    if tally.decision == DecisionKind.SECOND_LOOK:
        yield "second_looks"


def second_opinions(db: Session, study_ids: Sequence[int]) -> Mapping[int, int]:
    """Count decided submissions whose study requires more reviewers, with one statement; studies without any are left
    out.
    """
    several = select(Study.id).where(Study.id.in_(study_ids), Study.reviews_per_submission > 1)
    rows = db.execute(
        select(Submission.study_id, func.count())
        .where(
            Submission.study_id.in_(several),
            open_ones(),
        )
        .group_by(Submission.study_id)
    )
    return dict(rows.all())


def open_objections(db: Session, study_ids: Sequence[int]) -> Mapping[int, int]:
    """Count objections without an answer, with one statement; studies without any are left out."""
    query = select(Submission.study_id, func.count()).where(Submission.study_id.in_(study_ids), Submission.objected)
    return dict(db.execute(query.group_by(Submission.study_id)).all())


def under_way(db: Session, study_ids: Sequence[int], now: datetime) -> Mapping[int, int]:
    """Count sessions with recent writing, with one statement; studies without any are left out."""
    # Through the items, whose index has the state of their sessions.
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


def pulse_of(db: Session, study_ids: Sequence[int]) -> str:
    """Return a value that changes with new submissions, finished analyses, decisions and audit entries.

    Three statements, each answered by an index, for any number of submissions.
    """
    newest = db.scalar(select(func.max(Submission.id)).where(Submission.study_id.in_(study_ids)))
    waiting = db.scalar(select(func.count()).where(Submission.study_id.in_(study_ids), Submission.verdict.is_(None)))
    noted = db.scalar(select(func.max(AuditEntry.id)).where(AuditEntry.study_id.in_(study_ids)))
    return f"{newest or 0}.{waiting or 0}.{noted or 0}"

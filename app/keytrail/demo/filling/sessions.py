"""Replay recorded sessions as the work of simulated workers at the marketplace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.demo.filling.marketplace import Floor
from keytrail.imports.storing import ImportedSession
from keytrail.imports.wire import read_wire
from keytrail.keyring import Keyring
from keytrail.models import Item, PlatformTask, Study, Submission
from keytrail.platforms import Assignment
from keytrail.sessions.eventlog import Batch, Chain, append_to_epoch
from keytrail.sessions.lifecycle import open_epoch, open_session
from keytrail.sessions.submission import Answer, submit


@dataclass(frozen=True)
class FinishedSession:
    """A recorded session, and when it began."""

    session: ImportedSession
    began_at: datetime

    @property
    def submitted_at(self) -> datetime:
        """When it was submitted."""
        return self.session.submitted_at


@dataclass(frozen=True)
class AbandonedSession:
    """A worker who accepts a task of an item and does not do it; with a condition, where the study has some."""

    worker: str
    item: str
    at: datetime
    condition: str | None = None


def read_sessions(files: Iterable[Path], last_before: datetime) -> Sequence[FinishedSession]:
    """Return recorded sessions in order of submission, moved by whole days so that the last one ends before a time.

    The real dates of recording do not matter; a demo looks like a study of last week.
    """
    recorded = [session for path in sorted(files) for session in read_wire(path, last_before)]
    moved_by = timedelta(days=(last_before - max(session.submitted_at for session in recorded)).days)
    moved = [replace(session, submitted_at=session.submitted_at + moved_by) for session in recorded]
    return sorted((FinishedSession(session, session.submitted_at - _duration(session)) for session in moved), key=_when)


def do_work(db: Session, floor: Floor, study: Study, worked: Sequence[FinishedSession], keyring: Keyring) -> None:
    """Let each session's worker accept the task, consent, write what was recorded, and submit it here and at the
    marketplace.
    """
    hits = hits_by_item(db, study)
    for one in worked:
        visit = floor.accept(hits[one.session.item_id or ""], one.session.worker, one.began_at)
        submission = _write(db, study, visit, one, keyring)
        floor.hand_in(visit, submission.public_id, one.submitted_at)


def abandon_work(db: Session, floor: Floor, study: Study, left: Sequence[AbandonedSession], keyring: Keyring) -> None:
    """Let workers accept a task, consent, and never return."""
    hits = hits_by_item(db, study)
    for one in left:
        session = open_session(db, study, floor.accept(hits[one.item], one.worker, one.at), keyring, one.at)
        session.condition = one.condition


def hand_in_nothing(db: Session, floor: Floor, study: Study, left: AbandonedSession) -> None:
    """Let a worker submit the task at the marketplace without ever having opened it here."""
    floor.hand_in(floor.accept(hits_by_item(db, study)[left.item], left.worker, left.at), "none", left.at)


def hits_by_item(db: Session, study: Study) -> Mapping[str, str]:
    """Return the published task of each item, by the item's key."""
    rows = db.execute(
        select(Item.key, PlatformTask.external_id)
        .join(PlatformTask, PlatformTask.item_id == Item.id)
        .where(PlatformTask.study_id == study.id)
    )
    return dict(rows.tuples().all())


def _write(db: Session, study: Study, visit: Assignment, one: FinishedSession, keyring: Keyring) -> Submission:
    session = open_session(db, study, visit, keyring, one.began_at)
    session.condition = one.session.condition  # assigned by the server that recorded it
    for events in one.session.epochs:
        epoch = open_epoch(db, session, one.began_at)
        append_to_epoch(db, epoch, Batch.cut(events), one.submitted_at, Chain(keyring))
    answer = Answer(one.session.text, epoch_number=epoch.number, events=len(events))
    submission = submit(db, session.id, answer, one.submitted_at)
    submission.label = one.session.label
    return submission


def _duration(session: ImportedSession) -> timedelta:
    """Return how long the page was open: every event has the milliseconds since the previous one."""
    return timedelta(milliseconds=sum(event[0] for events in session.epochs for event in events))


def _when(worked: FinishedSession) -> datetime:
    return worked.submitted_at

"""Record platforms' statuses of assignments. Messages come late, twice, in any order, and before the worker is known
here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from keytrail.keyring import Keyring
from keytrail.models import (
    AssignmentIdentity,
    PlatformAssignment,
    PlatformEvent,
    SessionState,
    Study,
    Worker,
    WritingSession,
)
from keytrail.platforms.statuses import AssignmentStage, assignment_stage
from keytrail.sessions.confirmation import confirm
from keytrail.sessions.lifecycle import return_session
from keytrail.sessions.names import assignment_pseudonym, worker_pseudonym

_LONGEST = 32


@dataclass(frozen=True)
class PlatformStatus:
    """One status of one assignment, in the platform's own terms. `certain`: requested just now, not pushed.

    `worker_id` is who holds the assignment at the platform, empty where it does not say.
    """

    assignment_id: str
    status: str
    certain: bool = False
    worker_id: str = ""


def record_platform_status(
    db: Session, study: Study, reported: PlatformStatus, keyring: Keyring, now: datetime
) -> bool:
    """Record a status; a returned assignment's place is released at once. False if it was not new.

    The session of the worker whom the platform names is confirmed by it. Without a name, a status of an id under which
    several workers wrote is stored but applied to nobody.
    """
    pseudonym = assignment_pseudonym(study, reported.assignment_id, keyring)
    holder = worker_pseudonym(study, reported.worker_id, keyring) if reported.worker_id else None
    session = _session_of(db, study, pseudonym, holder)
    if session is not None and holder is not None:
        confirm(session, now)
    known = db.scalar(
        select(PlatformAssignment).where(
            PlatformAssignment.study_id == study.id, PlatformAssignment.pseudonym == pseudonym
        )
    )
    status = reported.status[:_LONGEST]
    if known is None:
        known = PlatformAssignment(study_id=study.id, pseudonym=pseudonym, status=status, heard_at=now)
        db.add(known)
    elif _is_old(known, reported, status, holder):
        known.clear_id = None if session else known.clear_id
        known.worker_pseudonym = known.worker_pseudonym or holder
        return False
    known.status, known.heard_at, known.worker_pseudonym = status, now, holder or known.worker_pseudonym
    # Pushed messages may concern another study of the same workspace, whose ids must not be stored.
    known.clear_id = reported.assignment_id[:128] if session is None and reported.certain else None
    if session is not None:
        _act(db, session, status, now)
    db.flush()
    return True


def _is_old(known: PlatformAssignment, reported: PlatformStatus, status: str, holder: str | None) -> bool:
    if reported.certain and holder is not None and known.worker_pseudonym not in {None, holder}:
        return False  # the id was given to another worker
    is_earlier = assignment_stage(status) < assignment_stage(known.status)
    return known.status == status or (is_earlier and not reported.certain)


def _session_of(db: Session, study: Study, pseudonym: str, holder: str | None) -> WritingSession | None:
    """Return the session that a status is about: the holder's, or without a holder the only one."""
    query = (
        select(WritingSession)
        .where(WritingSession.study_id == study.id, WritingSession.assignment_pseudonym == pseudonym)
        .order_by(WritingSession.state == SessionState.RETURNED, WritingSession.id.desc())
        .with_for_update()
    )
    if holder is None:
        found = db.scalars(query).all()
        return found[0] if len({session.worker_id for session in found}) == 1 else None
    return db.scalars(query.where(WritingSession.worker_id.in_(_worker_of(study, holder)))).first()


def _worker_of(study: Study, holder: str) -> Select[int]:
    return select(Worker.id).where(Worker.study_id == study.id, Worker.pseudonym == holder)


def assignment_id_of(db: Session, known: PlatformAssignment) -> str | None:
    """Return the platform's id: stored in the clear while no session has it, else that of any session under it."""
    return known.clear_id or db.scalar(
        select(AssignmentIdentity.assignment_id)
        .join(WritingSession, WritingSession.id == AssignmentIdentity.session_id)
        .where(WritingSession.study_id == known.study_id, WritingSession.assignment_pseudonym == known.pseudonym)
        .limit(1)
    )


def _act(db: Session, session: WritingSession, status: str, now: datetime) -> None:
    if assignment_stage(status) == AssignmentStage.GIVEN_BACK:
        return_session(db, session, now)
    elif assignment_stage(status) == AssignmentStage.TIMED_OUT and session.state == SessionState.OPEN:
        # The place is free; a late text is still accepted (docs/decisions/0003).
        session.expires_at = min(session.expires_at, now)


SUBMISSION_CHANGED = "submission.status.change"
_LONGEST_KIND = 64


@dataclass(frozen=True)
class PlatformMessage:
    """A verified message: the platform's id of the event, which is not signed, the signature, and the body."""

    event_id: str
    signature: str
    body: dict[str, Any]


def take_message(db: Session, study: Study, message: PlatformMessage, keyring: Keyring, now: datetime) -> bool:
    """Process a message once; False if it was processed before. Irrelevant messages are stored but not acted on."""
    db.execute(select(Study.id).where(Study.id == study.id).with_for_update())
    if _was_taken(db, study, message):
        return False
    kind = str(message.body.get("event_type", ""))[:_LONGEST_KIND]
    db.add(
        PlatformEvent(
            study_id=study.id, event_id=message.event_id, signature=message.signature, kind=kind, received_at=now
        )
    )
    assignment_id, status = message.body.get("resource_id"), message.body.get("status")
    wanted = kind == SUBMISSION_CHANGED and not _is_of_another(study, message)
    if wanted and isinstance(assignment_id, str) and isinstance(status, str):
        participant = message.body.get("participant_id")
        worker_id = participant if isinstance(participant, str) else ""
        record_platform_status(db, study, PlatformStatus(assignment_id, status, worker_id=worker_id), keyring, now)
    db.flush()
    return True


def _was_taken(db: Session, study: Study, message: PlatformMessage) -> bool:
    """Whether this message came before, as the platform's retry or, with another event id, by whoever repeats it."""
    known = or_(PlatformEvent.event_id == message.event_id, PlatformEvent.signature == message.signature)
    return db.scalar(select(PlatformEvent.kind).where(PlatformEvent.study_id == study.id, known).limit(1)) is not None


def _is_of_another(study: Study, message: PlatformMessage) -> bool:
    """Whether a message names another study: all of a workspace's come to each address, and most name none."""
    named, own = message.body.get("study_id"), study.platform_options.get("study_id")
    return isinstance(named, str) and bool(named) and bool(own) and named != own

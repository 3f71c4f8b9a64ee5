"""What platforms say of assignments. Messages come late, twice, in any order, and before the worker is known here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.keyring import Keyring
from keytrail.models import AssignmentIdentity, PlatformAssignment, SessionState, Study, WritingSession
from keytrail.platforms import Assignment
from keytrail.sessions.opening import assignment_pseudonym, return_session

# How far along each status is. One that comes later in an assignment's life is never undone by a late message of an
# earlier one. A rejection can be overridden by an approval, not the other way round.
_STAGES = {
    "RESERVED": 0,
    "ACTIVE": 1,
    "TIMED-OUT": 2,
    "Submitted": 3,
    "AWAITING REVIEW": 3,
    "RETURNED": 4,
    "SCREENED OUT": 4,
    "Rejected": 5,
    "REJECTED": 5,
    "Approved": 6,
    "APPROVED": 6,
    "PARTIALLY APPROVED": 6,
}
_GIVEN_BACK = {"RETURNED", "SCREENED OUT"}
_LONGEST = 32


@dataclass(frozen=True)
class Heard:
    """One status of one assignment, in the platform's own words. `certain`: asked for just now, not pushed."""

    assignment_id: str
    status: str
    certain: bool = False


def hear(db: Session, study: Study, heard: Heard, keyring: Keyring, now: datetime) -> bool:
    """Take in a status; a place that was given back is free at once. False if it told nothing new."""
    pseudonym = _pseudonym(study, heard.assignment_id, keyring)
    session = db.scalar(
        select(WritingSession)
        .where(WritingSession.study_id == study.id, WritingSession.assignment_pseudonym == pseudonym)
        .with_for_update()
    )
    known = db.scalar(
        select(PlatformAssignment).where(
            PlatformAssignment.study_id == study.id, PlatformAssignment.pseudonym == pseudonym
        )
    )
    status = heard.status[:_LONGEST]
    if known is None:
        known = PlatformAssignment(study_id=study.id, pseudonym=pseudonym, status=status, heard_at=now)
        db.add(known)
    elif known.status == status or (not heard.certain and _stage(status) < _stage(known.status)):
        known.clear_id = None if session else known.clear_id
        return False
    known.status, known.heard_at = status, now
    # What is pushed may be of another study of the same workspace; its ids are none of our business.
    known.clear_id = heard.assignment_id[:128] if session is None and heard.certain else None
    if session is not None:
        _act(db, session, status, now)
    db.flush()
    return True


def note_own_status(
    db: Session, study: Study, assignment_id: str, status: str, keyring: Keyring, now: datetime
) -> None:
    """The platform has just done what we asked."""
    hear(db, study, Heard(assignment_id, status, certain=True), keyring, now)


def status_of(db: Session, session: WritingSession) -> str | None:
    """What the platform last said of a session's assignment."""
    return db.scalar(
        select(PlatformAssignment.status).where(
            PlatformAssignment.study_id == session.study_id,
            PlatformAssignment.pseudonym == session.assignment_pseudonym,
        )
    )


def assignment_id_of(db: Session, known: PlatformAssignment) -> str | None:
    """The platform's id: kept clear while nobody here has it, else the session's own."""
    return known.clear_id or db.scalar(
        select(AssignmentIdentity.assignment_id)
        .join(WritingSession, WritingSession.id == AssignmentIdentity.session_id)
        .where(WritingSession.study_id == known.study_id, WritingSession.assignment_pseudonym == known.pseudonym)
    )


def _act(db: Session, session: WritingSession, status: str, now: datetime) -> None:
    if status in _GIVEN_BACK:
        return_session(db, session, now)
    elif status == "TIMED-OUT" and session.state == SessionState.OPEN:
        # The place is free; a text that comes all the same is taken (docs/decisions/0003).
        session.expires_at = min(session.expires_at, now)


def _stage(status: str) -> int:
    return _STAGES.get(status, 0)


def _pseudonym(study: Study, assignment_id: str, keyring: Keyring) -> str:
    return assignment_pseudonym(study, Assignment(worker_id="", assignment_id=assignment_id), keyring)

"""Whether work under a worker's id is that worker's: anybody can write somebody else's id into a link.

A signed link says so at once (keytrail/platforms: signed_links, prolific_token). Otherwise the platform says so when it
is compared with: it lists its assignments and who holds them. Until then the work is unconfirmed: it is kept and can be
judged, but it is held against nobody. Where no platform can be asked, the ids are all there is.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from keytrail.errors import Conflict
from keytrail.models import PlatformAssignment, PlatformTask, Study, WritingSession

UNCONFIRMED = (
    "The marketplace has not confirmed that this work is this worker's: anybody can write a worker's id into a link. "
    "Compare with the marketplace first (page Payments)."
)


class Confirmation(StrEnum):
    """Whether the platform has confirmed that a session is the worker's whose id it bears."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    UNCONFIRMABLE = "unconfirmable"


def is_confirmable(db: Session, study: Study) -> bool:
    """Whether the study's platform can be asked whose an assignment is.

    Mechanical Turk can, once tasks were published from here; Prolific and Connect can, once they were heard of.
    """
    return bool(db.scalar(select(_confirmable()).where(Study.id == study.id)))


def theirs(db: Session, study: Study) -> ColumnElement[bool]:
    """Sessions of one study that count as the work of the worker whose id they bear."""
    return WritingSession.confirmed_at.is_not(None) if is_confirmable(db, study) else true()


def theirs_in_any() -> ColumnElement[bool]:
    """As `theirs`, in a statement that joins each session's own study."""
    return or_(WritingSession.confirmed_at.is_not(None), ~_confirmable())


def confirmation_of(db: Session, study: Study, session: WritingSession) -> Confirmation:
    """What is known of one session."""
    if session.confirmed_at is not None:
        return Confirmation.CONFIRMED
    return Confirmation.UNCONFIRMED if is_confirmable(db, study) else Confirmation.UNCONFIRMABLE


def require_confirmed(db: Session, study: Study, session: WritingSession) -> None:
    """Raises Conflict if a session is not to be held against the worker whose id it bears."""
    if confirmation_of(db, study, session) == Confirmation.UNCONFIRMED:
        raise Conflict(UNCONFIRMED, code="unconfirmed")


def confirm(session: WritingSession, now: datetime) -> None:
    """Note that the session is the worker's whose id it bears; the first time is kept."""
    session.confirmed_at = session.confirmed_at or now


def _confirmable() -> ColumnElement[bool]:
    published = exists().where(PlatformTask.study_id == Study.id).correlate(Study)
    heard_of = exists().where(PlatformAssignment.study_id == Study.id).correlate(Study)
    return or_(and_(Study.platform == "mturk", published), and_(Study.platform.in_(("prolific", "connect")), heard_of))

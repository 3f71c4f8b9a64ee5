"""Confirm that a session belongs to the worker whose id it carries: anybody can write another person's id into a link.

A signed link confirms it at once (keytrail/platforms: signed_links, prolific_token). Otherwise a comparison with the
platform does, which lists its assignments and their workers. Until then the session is unconfirmed: it is stored and
can be judged, but counts against nobody. Where no platform can be asked, ids are accepted as given.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from keytrail.errors import Conflict
from keytrail.models import PlatformAssignment, PlatformTask, Study, WritingSession
from keytrail.platforms.registry import platform_names

UNCONFIRMED = (
    "The marketplace has not confirmed that this work is this worker's: anybody can write a worker's id into a link. "
    "Compare with the marketplace first (page Payments)."
)


class Confirmation(StrEnum):
    """Whether the platform has confirmed that a session belongs to the worker whose id it carries."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    UNCONFIRMABLE = "unconfirmable"


def is_confirmable(db: Session, study: Study) -> bool:
    """Return whether the study's platform can be asked whose an assignment is.

    Mechanical Turk can, once tasks were published from here; Prolific and Connect can, once they were heard of: they
    listed an assignment, or sent a message about one that a worker brought here. Messages about other studies of the
    same workspace, or repeated to this study's address by whoever has one, are none.
    """
    return bool(db.scalar(select(_confirmable()).where(Study.id == study.id)))


def theirs(db: Session, study: Study) -> ColumnElement[bool]:
    """Select the sessions of one study that count as work of the worker whose id they carry."""
    return WritingSession.confirmed_at.is_not(None) if is_confirmable(db, study) else true()


def theirs_in_any() -> ColumnElement[bool]:
    """Like `theirs`, for a statement that joins each session's study."""
    return or_(WritingSession.confirmed_at.is_not(None), ~_confirmable())


def confirmation_of(db: Session, study: Study, session: WritingSession) -> Confirmation:
    """Return the confirmation of one session."""
    if session.confirmed_at is not None:
        return Confirmation.CONFIRMED
    return Confirmation.UNCONFIRMED if is_confirmable(db, study) else Confirmation.UNCONFIRMABLE


def require_confirmed(db: Session, study: Study, session: WritingSession) -> None:
    """Raises Conflict if a session must not count against the worker whose id it carries."""
    if confirmation_of(db, study, session) == Confirmation.UNCONFIRMED:
        raise Conflict(UNCONFIRMED, code="unconfirmed")


def confirm(session: WritingSession, now: datetime) -> None:
    """Record that the session belongs to the worker whose id it carries; the first time is kept."""
    session.confirmed_at = session.confirmed_at or now


def _confirmable() -> ColumnElement[bool]:
    published = exists().where(PlatformTask.study_id == Study.id).correlate(Study)
    brought_here = exists().where(
        WritingSession.study_id == PlatformAssignment.study_id,
        WritingSession.assignment_pseudonym == PlatformAssignment.pseudonym,
    )
    has_assignments = (
        exists()
        .where(
            PlatformAssignment.study_id == Study.id,
            or_(PlatformAssignment.clear_id.is_not(None), brought_here.correlate(PlatformAssignment)),
        )
        .correlate(Study)
    )
    by_item = platform_names(lambda platform: platform.has_task_per_item)
    by_study = platform_names(lambda platform: platform.drafts_studies)
    return or_(and_(Study.platform.in_(by_item), published), and_(Study.platform.in_(by_study), has_assignments))

"""Look up studies: for workers by address, for users by membership."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import NotFound
from keytrail.language import message
from keytrail.models import Membership, Role, Study, User


def study_by_slug(db: Session, slug: str) -> Study:
    """Return the study at this address. Raises NotFound, also for a trial: it is nobody's study."""
    study = study_of_task(db, slug)
    if study.trial_of_id is not None:
        raise NotFound("This is the address of a trial. Name the study that is tried.")
    return study


def study_of_task(db: Session, slug: str) -> Study:
    """Return the study, or the trial, whose task pages have this address. Raises NotFound."""
    study = db.scalar(select(Study).where(Study.slug == slug))
    if study is None:
        raise NotFound(message("There is no study at this address. Check the link, or ask whoever sent it to you."))
    return study


def present_study(db: Session, study_id: int) -> Study:
    """Return a study that was there before: for work that goes on for a while. Raises NotFound if it was deleted.

    Its address may belong to another study by then; its id never does.
    """
    study = db.get(Study, study_id)
    if study is None:
        raise NotFound("This study was deleted meanwhile.")
    return study


def memberships(db: Session, user: User, *, archived: bool = False) -> Sequence[tuple[Study, Role]]:
    """The studies that a user may see, newest first, with the user's role: the listed ones, or the archived ones."""
    rows = db.execute(
        select(Study, Membership.role)
        .join(Membership, Membership.study_id == Study.id)
        .where(
            Membership.user_id == user.id, Study.archived_at.is_not(None) if archived else Study.archived_at.is_(None)
        )
        .order_by(Study.id.desc())
    )
    return [(study, Role(role)) for study, role in rows]

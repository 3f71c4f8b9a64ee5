"""Choose the study for imported sessions."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import Study, StudyState, User
from keytrail.studies.definition import StudyDefinition, slug_of
from keytrail.studies.editing import create_study
from keytrail.users.accounts import user_by_email

_FIRST = select(User).where(User.may_create_studies).order_by(User.id).limit(1)


def study_for_import(db: Session, slug: str, file: Path, owner: str, now: datetime) -> Study:
    """Return the named study, or a new one that takes no workers.

    A new one belongs to `owner`, else to the first user who may create studies, so that somebody sees it.
    """
    slug = slug or slug_of(file.name.split(".")[0])
    study = db.scalar(select(Study).where(Study.slug == slug))
    if study is not None:
        return study
    definition = StudyDefinition(
        title=f"Imported: {file.name}"[:200],
        slug=slug,
        instructions="These sessions were recorded elsewhere.",
        minimum_words=0,
        maximum_words=10_000,
        platform="panel",
    )
    study = create_study(db, definition, _owner(db, owner), now)
    study.state = StudyState.CLOSED
    db.flush()
    return study


def _owner(db: Session, email: str) -> User | None:
    return user_by_email(db, email) if email else db.scalar(_FIRST)

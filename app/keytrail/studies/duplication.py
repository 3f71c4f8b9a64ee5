"""Duplicate a study's settings and, optionally, its items."""

from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest
from keytrail.models import AuditAction, Item, Study, StudyState, User
from keytrail.platforms.money import in_units
from keytrail.studies.definition import StudyDefinition, slug_of
from keytrail.studies.editing import create_study
from keytrail.users.audit_log import record_action

# Codes and addresses belong to one study at the platform.
_OF_ONE_STUDY = {"slug", "reward", "platform_options"}


def duplicate_study(
    db: Session, source: Study, title: str, user: User, now: datetime, *, with_items: bool = True
) -> Study:
    """Create a study with the settings of `source`, a draft, owned by `user`. No work of workers is copied.

    Raises BadRequest for an invalid title, Forbidden if the user may not create studies.
    """
    values = {name: getattr(source, name) for name in StudyDefinition.model_fields if name not in _OF_ONE_STUDY}
    values |= {"title": title, "reward": in_units(source.reward_cents), "slug": _free_slug(db, slug_of(title))}
    try:
        definition = StudyDefinition.model_validate(values)
    except ValidationError:
        raise BadRequest("Enter a title of 1 to 200 characters.", code="bad_title") from None
    copy = create_study(db, definition, user, now, state=StudyState.DRAFT)
    if with_items:
        items = db.execute(
            select(Item.key, Item.title, Item.text, Item.fields).where(Item.study_id == source.id).order_by(Item.id)
        )
        db.add_all(
            Item(study_id=copy.id, key=key, title=item_title, text=text, fields=fields)
            for key, item_title, text, fields in items
        )
    detail = {"from": source.slug}
    record_action(db, AuditAction.DUPLICATE_STUDY, now, user_id=user.id, study_id=copy.id, detail=detail)
    return copy


def _free_slug(db: Session, wanted: str) -> str:
    """Return `wanted`, or with the first number that makes it unique."""
    taken = set(db.scalars(select(Study.slug).where(Study.slug.startswith(wanted, autoescape=True))))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted[:56].rstrip('-')}-{number}"
    return slug

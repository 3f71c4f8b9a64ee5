"""Changing a study after it was created."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.models import AuditAction, Item, Membership, Role, Study, StudyState, User, WritingSession
from keytrail.studies.definition import StudyDefinition
from keytrail.users.audit_log import record_action
from keytrail.users.rights import require_creating

# Workers are known by a name that the platform is part of, and the address is in links that workers have.
_FIXED = {"slug", "reward"}


def update_study(db: Session, study: Study, definition: StudyDefinition, user: User, now: datetime) -> list[str]:
    """Give a study new settings; its address stays. Returns the names of what changed.

    What is decided already does not follow another number of reviewers by itself: see judging.decisions.settle_again.
    Raises Conflict if the platform or the conditions would change after somebody has begun.
    """
    values = definition.model_dump(exclude=_FIXED) | {"reward_cents": definition.reward_cents}
    changed = sorted(name for name, value in values.items() if not _same(getattr(study, name), value))
    if "platform" in changed and _has_begun(db, study):
        raise Conflict(
            "Workers have begun on this platform already. Create another study for another platform.",
            code="platform_fixed",
        )
    if "conditions" in changed and _has_begun(db, study):
        raise Conflict(
            "Workers have begun under these conditions, and a comparison holds only while they stay. Create another "
            "study for others.",
            code="conditions_fixed",
        )
    for name in changed:
        setattr(study, name, values[name])
    if changed:
        record_action(db, AuditAction.EDIT_STUDY, now, user_id=user.id, study_id=study.id, detail={"changed": changed})
    return changed


def set_state(db: Session, study: Study, state: StudyState, user: User, now: datetime) -> None:
    """Open a published study for workers, pause it or close it. Whoever has begun may finish in any case.

    Raises Conflict for a draft, and for what would become one: see publishing.publish_study.
    """
    if StudyState.DRAFT in {study.state, state}:
        raise Conflict("A draft is published on its page Checklist, and does not become one again.", code="draft")
    if study.state != state:
        record_action(
            db,
            AuditAction.SET_STATE,
            now,
            user_id=user.id,
            study_id=study.id,
            detail={"from": study.state, "to": state},
        )
        study.state = state


def remove_item(db: Session, study: Study, key: str, user: User, now: datetime) -> None:
    """Take an item out of a study. Raises BadRequest if there is none, Conflict if a worker had it already."""
    item = db.scalar(select(Item).where(Item.study_id == study.id, Item.key == key))
    if item is None:
        raise BadRequest("There is no such item in this study.")
    if db.scalar(select(WritingSession.id).where(WritingSession.item_id == item.id).limit(1)) is not None:
        raise Conflict("A worker has had this item, so it stays: the submissions refer to it.")
    db.delete(item)
    record_action(db, AuditAction.REMOVE_ITEM, now, user_id=user.id, study_id=study.id, detail={"item": key})


def _same(old: object, new: object) -> bool:
    """White space at the ends is lost in a form and means nothing."""
    return old.strip() == new.strip() if isinstance(old, str) and isinstance(new, str) else old == new


def _has_begun(db: Session, study: Study) -> bool:
    return db.scalar(select(WritingSession.id).where(WritingSession.study_id == study.id).limit(1)) is not None


def create_study(
    db: Session,
    definition: StudyDefinition,
    owner: User | None,
    now: datetime,
    *,
    demo: bool = False,
    state: StudyState = StudyState.OPEN,
) -> Study:
    """Store a new study, open for workers or as a draft.

    Raises Conflict if its address is taken, Forbidden if its owner may not create studies. Without an owner it is of
    nobody, as an import by whoever runs the server.
    """
    if owner is not None:
        require_creating(db, owner)
    slug = definition.url_name
    if db.scalar(select(Study.id).where(Study.slug == slug)) is not None:
        raise Conflict(f"There is a study '{slug}' already. Give this one another slug.", code="study_exists")
    study = Study(
        slug=slug,
        reward_cents=definition.reward_cents,
        demo=demo,
        state=state,
        created_at=now,
        **definition.model_dump(exclude={"slug", "reward"}),
    )
    db.add(study)
    db.flush()
    if owner is not None:
        db.add(Membership(user_id=owner.id, study_id=study.id, role=Role.OWNER))
    return study

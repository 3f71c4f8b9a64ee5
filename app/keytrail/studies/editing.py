"""Create and edit studies."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict
from keytrail.models import AuditAction, Membership, PlatformTask, Role, Study, StudyState, User, WritingSession
from keytrail.studies.definition import StudyDefinition
from keytrail.users.audit_log import record_action
from keytrail.users.rights import require_creating

# A worker's pseudonym includes the platform, and links of workers contain the address.
_FIXED = {"slug", "reward"}


def update_study(db: Session, study: Study, definition: StudyDefinition, user: User, now: datetime) -> list[str]:
    """Change a study's settings except its address; return the names of changed fields.

    Existing decisions do not follow a new number of reviewers by themselves: see judging.decisions.settle_again. Raises
    Conflict if the platform, the currency or the conditions would change after a worker has begun, or the currency of
    what was published.
    """
    values = definition.model_dump(exclude=_FIXED) | {"reward_cents": definition.reward_cents}
    changed = sorted(name for name, value in values.items() if not _same(getattr(study, name), value))
    if "platform" in changed and _has_begun(db, study):
        raise Conflict(
            "Workers have begun on this platform already. Create another study for another platform.",
            code="platform_fixed",
        )
    if "currency" in changed and (_has_begun(db, study) or _is_at_platform(db, study)):
        raise Conflict(
            f"Workers were promised their pay in {study.currency}, and what is queued or paid is counted in it. Use "
            "another study for another currency.",
            code="currency_fixed",
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
    """Open a published study for workers, pause it or close it. Workers who have begun may always finish.

    Raises Conflict for a draft, and for what would become one: see publishing.publish_study.
    """
    if StudyState.DRAFT in {study.state, state}:
        raise Conflict("A draft is published on its Checklist page, and does not become one again.", code="draft")
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


def _same(old: object, new: object) -> bool:
    """Compare without white space at the ends, which forms do not preserve."""
    return old.strip() == new.strip() if isinstance(old, str) and isinstance(new, str) else old == new


def _has_begun(db: Session, study: Study) -> bool:
    return db.scalar(select(WritingSession.id).where(WritingSession.study_id == study.id).limit(1)) is not None


def _is_at_platform(db: Session, study: Study) -> bool:
    return db.scalar(select(PlatformTask.id).where(PlatformTask.study_id == study.id).limit(1)) is not None


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

    Raises Conflict if its address is taken, Forbidden if its owner may not create studies. Without an owner it belongs
    to nobody, like imports by an operator.
    """
    if owner is not None:
        require_creating(db, owner)
    slug = definition.url_name
    if db.scalar(select(Study.id).where(Study.slug == slug)) is not None:
        raise Conflict(f"There is already a study at the address '{slug}'. Choose another.", code="study_exists")
    study = study_of(definition, slug=slug, now=now)
    study.demo, study.state = demo, state
    db.add(study)
    db.flush()
    if owner is not None:
        db.add(Membership(user_id=owner.id, study_id=study.id, role=Role.OWNER))
    return study


def study_of(definition: StudyDefinition, *, slug: str, now: datetime) -> Study:
    """A study as a definition describes it, not stored yet."""
    return Study(
        slug=slug,
        reward_cents=definition.reward_cents,
        created_at=now,
        **definition.model_dump(exclude={"slug", "reward"}),
    )

"""Creating a study."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict
from keytrail.models import Membership, Role, Study, User
from keytrail.studies.definition import StudyDefinition
from keytrail.users.rights import require_creating


def create_study(
    db: Session, definition: StudyDefinition, owner: User | None, now: datetime, *, demo: bool = False
) -> Study:
    """Store a new study, open for workers.

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
        created_at=now,
        **definition.model_dump(exclude={"slug", "reward"}),
    )
    db.add(study)
    db.flush()
    if owner is not None:
        db.add(Membership(user_id=owner.id, study_id=study.id, role=Role.OWNER))
    return study

"""Select the studies that are reconciled with their platforms regularly, without a request."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from keytrail.models import Membership, PlatformTask, Role, SessionState, Study, User, WritingSession
from keytrail.platform_actions.ledger import live
from keytrail.platforms.registry import platform_class
from keytrail.settings import Settings


def comparable_studies(db: Session, settings: Settings, now: datetime) -> Sequence[int]:
    """Return the ids of studies whose platform is connected, and where something may change.

    That is: workers can take part in it there, or somebody has begun and not ended here. Security: the platform is
    asked with this server's account, so not about what owners have entered of whom none may use it.
    """
    connected = _connected(settings)
    if not connected:
        return []
    published = select(PlatformTask.id).where(PlatformTask.study_id == Study.id)
    begun = select(WritingSession.id).where(
        WritingSession.study_id == Study.id, WritingSession.state == SessionState.OPEN
    )
    owners = (
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.study_id == Study.id, Membership.role == Role.OWNER)
    )
    query = (
        select(Study)
        .where(Study.platform.in_(connected), Study.archived_at.is_(None))
        .where(or_(published.where(live(now)).exists(), begun.exists()))
        .where(or_(~owners.exists(), owners.where(User.may_spend).exists()))
        .order_by(Study.id)
    )
    return [
        study.id
        for study in db.scalars(query)
        if platform_class(study.platform).has_task_per_item or study.platform_options.get("study_id")
    ]


def _connected(settings: Settings) -> Sequence[str]:
    configured = {
        "mturk": settings.mturk_endpoint,
        "prolific": settings.prolific_token,
        "connect": settings.connect_key,
    }
    return [platform for platform, setting in configured.items() if setting is not None]

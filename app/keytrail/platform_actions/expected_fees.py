"""Estimate a platform's fees on rewards and bonuses before the platform states them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import PlatformTask, Study
from keytrail.platform_actions.tasks import newest_task
from keytrail.platforms.registry import platform_class


def reward_fee(db: Session, study: Study, hit_id: str | None) -> int:
    """The fee for one assignment, where we know the platform's fees: elsewhere, what a place of the study cost."""
    query = select(PlatformTask.places).where(PlatformTask.study_id == study.id, PlatformTask.external_id == hit_id)
    places = db.scalar(query) if hit_id else None
    known = platform_class(study.platform).reward_fee(study.reward_cents, places or study.places_per_item)
    if known is not None:
        return known
    task = newest_task(db, study.id)
    return max(task.place_cents - study.reward_cents, 0) if task is not None else 0


def bonus_fee(db: Session, study: Study, cents: int) -> int:
    """The fee for a bonus: where we do not know it, the share that places of the study cost, rounded up."""
    known = platform_class(study.platform).bonus_fee(cents)
    if known is not None:
        return known
    return -(-cents * reward_fee(db, study, None) // study.reward_cents) if study.reward_cents else 0

"""The part of the platform's page by which a study is recruited for at Prolific or Connect."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.models import Item, PlatformTask, Study
from keytrail.platform_actions.ledger import charged_currency, is_live
from keytrail.platform_actions.recruitment import (
    current_task,
    default_study_offer,
)
from keytrail.platform_actions.tasks import cost_of
from keytrail.platforms import Capability, Platform
from keytrail.platforms.money import money
from keytrail.platforms.statuses import TASK_STAGES, TaskStage


@dataclass(frozen=True)
class StudyAtPlatform:
    """What there is at the platform. `workers`, `fees` and `total` are what all places cost."""

    id: str
    status: str
    is_draft: bool
    is_live: bool
    is_paused: bool
    places: int
    open: int
    in_work: int
    handed_in: int
    workers: str
    fees: str
    total: str


@dataclass(frozen=True)
class Recruitment:
    """`task` is None while there is nothing at the platform yet; `offer` are then the form's values.

    `approves_after_days` is when the platform approves by itself; 0 where that is not known.
    """

    word: str
    has_part_pay: bool
    can_be_tried: bool
    approves_after_days: int
    offer: Mapping[str, Any]
    task: StudyAtPlatform | None


def recruitment_of(db: Session, study: Study, platform: Platform, typed: Mapping[str, Any]) -> Recruitment | None:
    """The part for one study, with what was typed; None on other platforms."""
    if not platform.drafts_studies:
        return None
    items = db.scalar(select(func.count(Item.id)).where(Item.study_id == study.id)) or 0
    usual = {"minutes": 10, "hide_from_excluded": True, "part_pay": False, "screen_out": "", "screen_out_places": 10}
    offer = {**usual, "project": "", **default_study_offer(db, study, items), **typed}
    task = current_task(db, study)
    return Recruitment(
        word=platform.task_word,
        has_part_pay=platform.capabilities.can(Capability.PART_PAY),
        can_be_tried=platform.capabilities.can(Capability.TEST_RUN),
        approves_after_days=platform.approves_after_days,
        offer={**offer, "screen_out": "" if str(offer["screen_out"]) in {"0", "0.00"} else offer["screen_out"]},
        task=_shown(study, task) if task is not None else None,
    )


def _shown(study: Study, task: PlatformTask) -> StudyAtPlatform:
    currency, workers = charged_currency(study), study.reward_cents * task.places
    total = cost_of(task)
    return StudyAtPlatform(
        id=task.external_id,
        status=task.status,
        is_draft=TASK_STAGES.get(task.status) == TaskStage.DRAFT,
        is_live=is_live(task, task.synced_at),
        is_paused=TASK_STAGES.get(task.status) == TaskStage.PAUSED,
        places=task.places,
        open=task.available,
        in_work=task.pending,
        handed_in=task.completed,
        workers=money(workers, currency),
        fees=money(max(total - workers, 0), currency),
        total=money(total, currency),
    )

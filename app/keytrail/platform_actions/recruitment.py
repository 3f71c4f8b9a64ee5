"""Recruiting at Prolific and Connect: a draft first, which costs nothing; then publishing it, places, pause and end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.keyring import Keyring
from keytrail.models import ActionKind, ActionState, PlatformAction, PlatformPlan, PlatformTask, Study
from keytrail.platform_actions.connection import frameable, made_code
from keytrail.platform_actions.ledger import is_live
from keytrail.platform_actions.outbox import Order, new_token, queue
from keytrail.platform_actions.publication import plan_of, validated
from keytrail.platform_actions.spending import require_sender
from keytrail.platform_actions.tasks import cost_of, newest_task
from keytrail.platforms import SessionOutcome, platform_of
from keytrail.platforms.code_platforms import PREFIX
from keytrail.platforms.money import in_cents
from keytrail.platforms.prolific import PART_PAY_CODE, SCREEN_OUT_CODE
from keytrail.platforms.registry import platform_class, platform_label
from keytrail.platforms.statuses import TASK_STAGES, TaskStage
from keytrail.platforms.study_drafts import StudyDraft, connect_body, prolific_body
from keytrail.studies.publishing import require_published

_OPEN = (ActionState.QUEUED, ActionState.SENDING, ActionState.FAILED, ActionState.UNSURE)


class StudyOffer(BaseModel):
    """How a study is offered to participants. `minutes` is the time that it is expected to take.

    `part_pay` and `screen_out` (the fixed payment, in units of the currency) need a workspace at Prolific that has
    them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
    description: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
    places: int = Field(ge=1, le=10_000)
    minutes: int = Field(10, ge=2, le=600)
    hide_from_excluded: bool = True
    part_pay: bool = False
    screen_out: Decimal = Field(Decimal(0), ge=0, le=1000, max_digits=6, decimal_places=2)
    screen_out_places: int = Field(10, ge=1, le=10_000)
    project: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{0,64}$")] = ""

    @field_validator("screen_out", mode="before")
    @classmethod
    def _nothing(cls, value: Any) -> Any:
        return 0 if value == "" else value


@dataclass(frozen=True)
class Drafting:
    """Where a draft is made: the installation's address and its keys."""

    public_url: str
    keyring: Keyring


def read_study_offer(values: Mapping[str, Any]) -> StudyOffer:
    """An offer from a form or a command. Raises BadRequest with a sentence for each field that is wrong."""
    return validated(StudyOffer, values)


def default_study_offer(db: Session, study: Study, items: int) -> dict[str, Any]:
    """The last offer of the study, or one made from its definition; a place for each worker of each item."""
    made = {
        "title": study.title[:255],
        "description": f"Read a short text and write {study.minimum_words} to {study.maximum_words} words about it. "
        "Before you begin, the page says what is recorded.",
        "places": max(items * study.places_per_item, 1),
    }
    plan = db.get(PlatformPlan, study.id)
    stored = plan.options if plan else {}
    return made | {name: value for name, value in stored.items() if name in StudyOffer.model_fields}


def queue_draft(
    db: Session, study: Study, offer: StudyOffer, drafting: Drafting, user_id: int | None, now: datetime
) -> PlatformAction:
    """Queue the draft of a study. The study's missing completion codes are made, and in use from then on.

    Raises Forbidden unless the user may publish, Conflict if the study is at the platform already, BadRequest for what
    the platform would refuse.
    """
    require_sender(db, study.id, ActionKind.DRAFT, user_id)
    db.execute(select(Study.id).where(Study.id == study.id).with_for_update())
    _require_free(db, study)
    if not study.reward_cents:
        raise BadRequest(f"{platform_label(study.platform)} takes no study without a reward. Set one in the settings.")
    screen_out = in_cents(offer.screen_out)
    if screen_out >= study.reward_cents:
        raise BadRequest("The payment for whoever does not qualify must be less than the reward.")
    platform = platform_of(study.platform, study.platform_options)
    right, why = frameable(platform, drafting.public_url)
    if not right:
        raise BadRequest(why)
    _make_codes(study, offer, drafting.keyring)
    plan_of(db, study).options = offer.model_dump(mode="json")
    token = new_token()
    draft = StudyDraft(
        internal_name=f"{study.slug} {token[:12]}",
        title=offer.title,
        description=offer.description,
        reward_cents=study.reward_cents,
        places=offer.places,
        minutes=offer.minutes,
        most_minutes=study.assignment_minutes,
        project=offer.project,
        screen_out_cents=screen_out,
        screen_out_places=offer.screen_out_places,
    )
    body_of = prolific_body if study.platform == "prolific" else connect_body
    body = body_of(
        platform_of(study.platform, study.platform_options), draft, f"{drafting.public_url}/task/{study.slug}"
    )
    parameters = {
        "body": dict(body),
        "hide_from_excluded": offer.hide_from_excluded,
        "reward_cents": study.reward_cents,
    }
    return queue(db, study, Order(ActionKind.DRAFT, parameters=parameters, token=token), user_id, now)


def queue_launch(db: Session, study: Study, task: PlatformTask, user_id: int | None, now: datetime) -> PlatformAction:
    """Queue the publishing of a draft, at what the platform said it costs.

    Raises Forbidden unless the user may publish, Conflict if it is no draft any more, waits to be published, or has
    another reward than the study now.
    """
    require_sender(db, study.id, ActionKind.PUBLISH, user_id)
    require_published(study)
    if TASK_STAGES.get(task.status) != TaskStage.DRAFT:
        raise Conflict(f"It is published already: its status is {task.status}.", code="not_a_draft")
    _require_none_open(db, study, ActionKind.PUBLISH)
    drafted = db.scalars(
        select(PlatformAction)
        .where(PlatformAction.task_id == task.id, PlatformAction.kind == ActionKind.DRAFT)
        .order_by(PlatformAction.id.desc())
    ).first()
    if drafted is not None and drafted.parameters.get("reward_cents") != study.reward_cents:
        raise Conflict(
            "The reward was changed after the draft was created. Delete the draft at "
            f"{platform_label(study.platform)}, take its id out of “Settings of this study”, and create another.",
            code="reward_changed",
        )
    workers = study.reward_cents * task.places
    order = Order(
        ActionKind.PUBLISH,
        task_id=task.id,
        amount_cents=workers,
        fee_cents=max(cost_of(task) - workers, 0),
    )
    return queue(db, study, order, user_id, now)


def queue_change(
    db: Session, study: Study, task: PlatformTask, kind: ActionKind, user_id: int | None, now: datetime
) -> PlatformAction:
    """Queue a pause, or the end of it. Raises Forbidden unless the user may send it."""
    require_sender(db, study.id, kind, user_id)
    return queue(db, study, Order(kind, task_id=task.id), user_id, now)


def current_task(db: Session, study: Study) -> PlatformTask | None:
    """The study or project at the platform that this study is connected to, if it was created from here."""
    task = newest_task(db, study.id)
    own = study.platform_options.get("study_id")
    return (
        task if task is not None and platform_class(study.platform).drafts_studies and task.external_id == own else None
    )


def _require_free(db: Session, study: Study) -> None:
    platform = platform_class(study.platform)
    if not platform.drafts_studies:
        raise Conflict("Studies on this platform are not drafted from here.", code="other_platform")
    _require_none_open(db, study, ActionKind.DRAFT)
    task, own = current_task(db, study), study.platform_options.get("study_id")
    over = task is not None and not is_live(task, task.synced_at) and TASK_STAGES.get(task.status) != TaskStage.DRAFT
    if own and not over:
        raise Conflict(
            f"This study is at {platform.label} already, under the id {own}. Take the id out of “Settings of this "
            "study” if another is to be created.",
            code="drafted_already",
        )


def _require_none_open(db: Session, study: Study, kind: ActionKind) -> None:
    query = select(PlatformAction.id).where(
        PlatformAction.study_id == study.id, PlatformAction.kind == kind, PlatformAction.state.in_(_OPEN)
    )
    if db.scalar(query.limit(1)) is not None:
        raise Conflict(
            "This waits to be sent already. Send it on Payments, or cancel it there first.", code="waits_already"
        )


def _make_codes(study: Study, offer: StudyOffer, keyring: Keyring) -> None:
    wanted = [f"{PREFIX[outcome]}_code" for outcome in SessionOutcome]
    options = dict(study.platform_options)
    if platform_class(study.platform).takes_own_codes:
        wanted += [PART_PAY_CODE] if offer.part_pay else []
        wanted += [SCREEN_OUT_CODE] if offer.screen_out else []
        # Codes of an earlier draft that this one is not to have.
        for name in {PART_PAY_CODE, SCREEN_OUT_CODE} - set(wanted):
            options.pop(name, None)
    else:
        # Connect has one code for every ending that counts as completed; the others return the task.
        wanted = ["completion_code"]
    for name in wanted:
        options.setdefault(name, made_code(study, name, keyring))
    study.platform_options = options

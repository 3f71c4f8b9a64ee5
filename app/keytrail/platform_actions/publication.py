"""Publish a study on Mechanical Turk: a HIT for each item, with the cost shown beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.models import ActionKind, ActionState, Item, PlatformAction, PlatformPlan, PlatformTask, Study
from keytrail.platform_actions.ledger import is_live
from keytrail.platform_actions.outbox import Order, queue
from keytrail.platform_actions.spending import RemainingBudget, left_for, require_budgets, require_sender
from keytrail.platforms.fees import LARGE_FROM, Cost, mturk_cost, mturk_reward_fee
from keytrail.platforms.money import decimal_text
from keytrail.platforms.mturk_question import external_question
from keytrail.platforms.registry import platform_class
from keytrail.studies.publishing import require_published
from keytrail.validation import named_sentences

# System qualifications and limits from AWSMturkAPI, "QualificationRequirement" and "CreateHITType".
_LOCALE = "00000000000000000071"
_APPROVAL_RATE = "000000000000000000L0"
_APPROVED_COUNT = "00000000000000000040"
_GUARD = "DiscoverPreviewAndAccept"
_DAY_S = 86_400
_Model = TypeVar("_Model", bound=BaseModel)
_OPEN = (ActionState.QUEUED, ActionState.SENDING, ActionState.FAILED, ActionState.UNSURE)


class Offer(BaseModel):
    """How the study is offered to workers. `countries` are ISO codes; empty allows everybody."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
    description: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    keywords: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = "writing, summary, research"
    assignments: int = Field(3, ge=1, le=10_000)
    days: int = Field(7, ge=1, le=365)
    auto_approve_days: int = Field(7, ge=1, le=30)
    countries: tuple[str, ...] = ()
    approval_rate: int = Field(0, ge=0, le=100)
    approved_count: int = Field(0, ge=0, le=1_000_000)
    hide_from_excluded: bool = True

    @field_validator("countries", mode="before")
    @classmethod
    def _codes(cls, value: Any) -> Any:
        codes = value.replace(",", " ").upper().split() if isinstance(value, str) else value
        for code in codes:
            if not (isinstance(code, str) and len(code) == 2 and code.isalpha() and code.isascii()):  # noqa: PLR2004
                raise ValueError(f"{code!r} is not a country code. Enter two letters, for example US")
        return codes


@dataclass(frozen=True)
class Publication:
    """What publishing an offer would do. `skipped` items have an open HIT, or an action that waits."""

    offer: Offer
    items: Sequence[Item]
    skipped: int
    cost: Cost
    left: RemainingBudget
    large_fee: bool

    @property
    def over_budget(self) -> bool:
        """Whether a budget prevents it."""
        return not self.left.allows(self.cost.total)


def read_offer(values: Mapping[str, Any]) -> Offer:
    """An offer from a form or a command. Raises BadRequest with a sentence for each field that is wrong."""
    return validated(Offer, values)


def validated(model: type[_Model], values: Mapping[str, Any]) -> _Model:
    """Values as a model of an offer. Raises BadRequest with a sentence for each field that is wrong."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems = " ".join(named_sentences(error, "offer"))
        raise BadRequest(f"This cannot be published. {problems}", code="bad_offer") from None


def default_offer(db: Session, study: Study) -> dict[str, Any]:
    """Return the study's last offer, or one made from its definition."""
    plan = db.get(PlatformPlan, study.id)
    made: dict[str, Any] = {
        "title": study.title[:128],
        "description": f"Read a short text and write {study.minimum_words} to {study.maximum_words} words about it. "
        "Before you begin, the page says what is recorded.",
        "assignments": study.places_per_item,
    }
    stored = plan.options if plan else {}
    return made | {name: value for name, value in stored.items() if name in Offer.model_fields}


def plan_publication(db: Session, study: Study, offer: Offer, now: datetime) -> Publication:
    """Preview which items would get a HIT, and the total cost. Raises Conflict for another platform."""
    if not platform_class(study.platform).has_task_per_item:
        raise Conflict("Only studies on Mechanical Turk can be published here.", code="other_platform")
    require_published(study)
    tasks = db.scalars(select(PlatformTask).where(PlatformTask.study_id == study.id))
    busy: set[int | None] = {task.item_id for task in tasks if is_live(task, now)}
    busy |= set(
        db.scalars(
            select(PlatformAction.item_id).where(
                PlatformAction.study_id == study.id,
                PlatformAction.kind == ActionKind.PUBLISH,
                PlatformAction.state.in_(_OPEN),
            )
        )
    )
    items = list(db.scalars(select(Item).where(Item.study_id == study.id).order_by(Item.id)))
    free = [item for item in items if item.id not in busy]
    return Publication(
        offer=offer,
        items=free,
        skipped=len(items) - len(free),
        cost=mturk_cost(study.reward_cents, len(free), offer.assignments),
        left=left_for(db, study, now),
        large_fee=offer.assignments >= LARGE_FROM,
    )


def queue_publication(
    db: Session, study: Study, offer: Offer, task_url: str, user_id: int | None, now: datetime
) -> list[PlatformAction]:
    """Queue a HIT for each item that has none.

    Raises Forbidden unless the user may publish, Conflict if the budgets do not allow all of the HITs.
    """
    require_sender(db, study.id, ActionKind.PUBLISH, user_id)
    db.execute(select(Study.id).where(Study.id == study.id).with_for_update())
    publication = plan_publication(db, study, offer, now)
    require_budgets(db, study, publication.cost.total, now)
    external_question(task_url)
    parameters = {
        "type": _type(study, offer),
        "url": task_url,
        "assignments": offer.assignments,
        "lifetime_s": offer.days * _DAY_S,
        "hide_from_excluded": offer.hide_from_excluded,
    }
    remember_offer(db, study, offer)
    fee = mturk_reward_fee(study.reward_cents, offer.assignments) * offer.assignments
    amount = study.reward_cents * offer.assignments
    orders = [
        Order(ActionKind.PUBLISH, item_id=item.id, amount_cents=amount, fee_cents=fee, parameters=parameters)
        for item in publication.items
    ]
    return [queue(db, study, order, user_id, now) for order in orders]


def queue_extension(
    db: Session, study: Study, task: PlatformTask, more: int, user_id: int | None, now: datetime
) -> PlatformAction:
    """Queue more places for a HIT, a study or a project. Raises BadRequest where MTurk would refuse."""
    if more < 1:
        raise BadRequest("Say how many places are to be added: at least one.")
    problem = platform_class(study.platform).growth_problem(task.places, more)
    if problem:
        raise BadRequest(problem)
    fee = task.place_cents - study.reward_cents
    order = Order(
        ActionKind.EXTEND,
        item_id=task.item_id,
        task_id=task.id,
        amount_cents=study.reward_cents * more,
        fee_cents=fee * more,
        parameters={"places": task.places + more},
    )
    return queue(db, study, order, user_id, now)


def queue_expiry(db: Session, study: Study, task: PlatformTask, user_id: int | None, now: datetime) -> PlatformAction:
    """Queue the end of a HIT, a study or a project: nobody else can accept it."""
    return queue(db, study, Order(ActionKind.EXPIRE, item_id=task.item_id, task_id=task.id), user_id, now)


def remember_offer(db: Session, study: Study, offer: Offer) -> None:
    """Store the form's values for the next time."""
    plan = plan_of(db, study)
    plan.options = offer.model_dump(mode="json")


def set_budget(db: Session, study: Study, cents: int | None) -> None:
    """Set the most that publishing and bonuses may commit; None for no limit. Raises BadRequest for a negative one."""
    if cents is not None and cents < 0:
        raise BadRequest("A budget cannot be negative.")
    plan_of(db, study).budget_cents = cents


def plan_of(db: Session, study: Study) -> PlatformPlan:
    """Return the study's plan; an empty one if there is none."""
    plan = db.get(PlatformPlan, study.id)
    if plan is None:
        plan = PlatformPlan(study_id=study.id, options={})
        db.add(plan)
        db.flush()
    return plan


def _type(study: Study, offer: Offer) -> dict[str, Any]:
    return {
        "Title": offer.title,
        "Description": offer.description,
        "Keywords": offer.keywords,
        "Reward": decimal_text(study.reward_cents),
        "AssignmentDurationInSeconds": study.assignment_minutes * 60,
        "AutoApprovalDelayInSeconds": offer.auto_approve_days * _DAY_S,
        "QualificationRequirements": _requirements(offer),
    }


def _requirements(offer: Offer) -> list[dict[str, Any]]:
    wanted: list[dict[str, Any]] = []
    if offer.countries:
        places = [{"Country": code} for code in offer.countries]
        wanted.append({"QualificationTypeId": _LOCALE, "Comparator": "In", "LocaleValues": places})
    for type_id, least in ((_APPROVAL_RATE, offer.approval_rate), (_APPROVED_COUNT, offer.approved_count)):
        if least:
            wanted.append(
                {"QualificationTypeId": type_id, "Comparator": "GreaterThanOrEqualTo", "IntegerValues": [least]}
            )
    return [requirement | {"ActionsGuarded": _GUARD} for requirement in wanted]

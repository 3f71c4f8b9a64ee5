"""The contexts of the platform's pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from keytrail.models import PlatformPlan, PlatformTask, Role, Study, User
from keytrail.platform_actions.connection import Check, fields_of, suggested_code
from keytrail.platform_actions.ledger import is_live
from keytrail.platform_actions.publication import Publication, default_offer
from keytrail.platform_actions.tasks import tasks_of
from keytrail.platforms import CAPABILITY_WORDS, Capability, Platform, Proof, SetupValue, platform_of
from keytrail.platforms.fees import MTURK_REWARD_FEES, RewardFees
from keytrail.platforms.money import decimal_text, money
from keytrail.platforms.signed_links import link_secret
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.platform.recruitment_page import Recruitment, recruitment_of
from keytrail.web.services import Services


@dataclass(frozen=True)
class OptionRow:
    """One option's form field with its value, or a suggested value."""

    name: str
    label: str
    help: str
    value: str
    suggested: bool
    switch: bool
    on: bool


@dataclass(frozen=True)
class TaskRow:
    """One HIT and its numbers of assignments."""

    hit_id: str
    item: str
    live: bool
    status: str
    handed_in: int
    in_work: int
    open: int
    places: int
    expires_at: datetime | None


@dataclass(frozen=True)
class PlatformPageState:
    """What a page is shown for: the moment, what just happened, the link's check, an offer that cannot be taken.

    `trial_url` is where a test participant takes the draft.
    """

    now: datetime
    notice: str = ""
    problem: str = ""
    checks: Sequence[Check] = ()
    offer: dict[str, Any] = field(default_factory=dict)
    trial_url: str = ""


@dataclass(frozen=True)
class PlatformPage:
    """The connection of study and platform. `link_secret` is for owners, where links are signed."""

    template: ClassVar[str] = "requester/platform/platform.html"

    frame: Frame
    study: Study
    platform: str
    owner: bool
    may_spend: bool
    connected: str
    pastes: Sequence[SetupValue]
    hook_url: str
    options: Sequence[OptionRow]
    possible: Sequence[str]
    elsewhere: Sequence[tuple[str, str]]
    checks: Sequence[Check]
    publishes: bool
    offer: dict[str, Any]
    reward_fees: RewardFees
    budget: str
    recruitment: Recruitment | None
    trial_url: str
    tasks: Sequence[TaskRow]
    link_secret: str
    notice: str
    problem: str


@dataclass(frozen=True)
class PublicationPreviewPage:
    """What publishing would do, and its cost."""

    template: ClassVar[str] = "requester/platform/preview.html"

    frame: Frame
    study: Study
    plan: Publication
    reward_fees: RewardFees
    workers: str
    fees: str
    total: str
    left: str
    server_left: str
    fields: Sequence[tuple[str, str]]
    back: str
    task_url: str


def platform_page(
    db: Session, reader: tuple[Study, Role], user: User, services: Services, asked: PlatformPageState
) -> PlatformPage:
    """Return the page for one reader."""
    study, role = reader
    settings = services.settings
    platform = platform_of(study.platform, study.platform_options, settings.submit_origins)
    plan = db.get(PlatformPlan, study.id)
    budget = plan.budget_cents if plan else None
    publishes = platform.capabilities.can(Capability.PUBLISH)
    return PlatformPage(
        frame=study_frame(user, study, role, "platform"),
        study=study,
        platform=platform.label,
        owner=role == Role.OWNER,
        may_spend=user.may_spend,
        connected=_connected(study.platform, services),
        pastes=platform.pastes(f"{settings.public_url}/task/{study.slug}"),
        hook_url=f"{settings.public_url}/api/hooks/{platform.name}/{study.slug}" if platform.sends_messages else "",
        options=[
            OptionRow(
                option.name,
                option.label,
                option.help,
                str(study.platform_options.get(option.name) or suggested_code(study, option.name, services.keyring)),
                suggested=option.name not in study.platform_options
                and bool(suggested_code(study, option.name, services.keyring)),
                switch=option.is_switch,
                on=platform.is_on(option.name),
            )
            for option in fields_of(platform)
        ],
        possible=[CAPABILITY_WORDS[capability] for capability in Capability if platform.capabilities.can(capability)],
        elsewhere=[
            (CAPABILITY_WORDS[capability], platform.capabilities.instead(capability))
            for capability in Capability
            if not platform.capabilities.can(capability)
        ],
        checks=asked.checks,
        publishes=publishes,
        offer=_offer_fields(default_offer(db, study) | asked.offer),
        reward_fees=MTURK_REWARD_FEES,
        recruitment=recruitment_of(db, study, platform, asked.offer),
        trial_url=asked.trial_url,
        budget="" if budget is None else decimal_text(budget),
        tasks=[_task_row(task, asked.now) for task in tasks_of(db, study.id) if task.item is not None],
        link_secret=link_secret(services.keyring, study.id) if _signs(platform, role) else "",
        notice=asked.notice,
        problem=asked.problem,
    )


def _signs(platform: Platform, role: Role) -> bool:
    """Return whether this reader may create links: the secret is for owners."""
    return role == Role.OWNER and platform.proof == Proof.SIGNATURE


def preview_page(user: User, reader: tuple[Study, Role], plan: Publication, task_url: str) -> PublicationPreviewPage:
    """Return the preview of one offer."""
    study, role = reader
    fields = [(name, str(value)) for name, value in _offer_fields(plan.offer.model_dump(mode="json")).items()]
    home = f"/studies/{study.slug}/platform"
    return PublicationPreviewPage(
        frame=study_frame(user, study, role, "platform", Link("Preview", "", current=True)),
        study=study,
        plan=plan,
        reward_fees=MTURK_REWARD_FEES,
        workers=money(plan.cost.workers, study.currency),
        fees=money(plan.cost.fees, study.currency),
        total=money(plan.cost.total, study.currency),
        left=_left(plan.left.study, plan.left.currency),
        server_left=_left(plan.left.installation, plan.left.currency),
        fields=fields,
        back=f"{home}?{urlencode(fields)}#publish",
        task_url=task_url,
    )


def _left(cents: int | None, currency: str) -> str:
    return "" if cents is None else money(max(cents, 0), currency)


def _offer_fields(offer: dict[str, Any]) -> dict[str, Any]:
    """Return an offer as form fields: lists joined, a checkbox as on or empty."""
    usual: dict[str, Any] = {
        "keywords": "writing, summary, research", "days": 7, "auto_approve_days": 7, "countries": "",
        "approval_rate": 0, "approved_count": 0, "hide_from_excluded": True,
    }  # fmt: skip
    values = usual | offer
    countries = values["countries"]
    values["countries"] = countries if isinstance(countries, str) else " ".join(countries)
    values["hide_from_excluded"] = "on" if values["hide_from_excluded"] else ""
    return values


def _task_row(task: PlatformTask, now: datetime) -> TaskRow:
    return TaskRow(
        hit_id=task.external_id,
        item=task.item.key if task.item else "",
        live=is_live(task, now),
        status=task.status,
        handed_in=task.completed,
        in_work=task.pending,
        open=task.available,
        places=task.places,
        expires_at=task.expires_at,
    )


def _connected(platform: str, services: Services) -> str:
    """Say which account is used, or which setting is missing."""
    settings = services.settings
    by_hand = "Without {}, what is queued here is done there by hand and marked as done."
    accounts = {
        "mturk": (
            settings.mturk_endpoint,
            "No marketplace is configured, so nothing can be published or paid: set KEYTRAIL_MTURK_ENDPOINT.",
        ),
        "prolific": (settings.prolific_token and settings.prolific_url, by_hand.format("KEYTRAIL_PROLIFIC_TOKEN")),
        "connect": (settings.connect_key and settings.connect_url, by_hand.format("KEYTRAIL_CONNECT_KEY")),
    }
    if platform not in accounts:
        return ""
    account, missing = accounts[platform]
    return f"Requests go to {account}." if account else missing

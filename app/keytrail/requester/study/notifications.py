"""The notifications page: a study's targets, and the log of its deliveries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.models import Delivery, MessageKind, NotificationTarget, Removal, RemovalKind, Role, Study, User
from keytrail.notifications.outbox import deliveries_of, put, retry
from keytrail.notifications.raising import FEWEST_ANALYSED
from keytrail.notifications.signing import shown_key, webhook_key
from keytrail.notifications.targets import (
    EventChoice,
    add_mail,
    add_webhook,
    place_of,
    remove_target,
    restore_target,
    target_of,
    targets_of,
)
from keytrail.notifications.wording import EVENTS, event_name
from keytrail.requester.addresses import number
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, same_origin
from keytrail.requester.study.manage import owned_study
from keytrail.users.removals import UNDO_DAYS, removal_of, removals_of
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession, Services, WriteSession

router = APIRouter(prefix="/studies/{slug}/notifications", include_in_schema=False, dependencies=[Depends(same_origin)])

_MOST_SHOWN = 50
_NOTICES = {
    "added": "The notification is added. Send a test to see whether it arrives.",
    "removed": "The notification is removed. “Recently removed” below undoes it.",
    "restored": "The notification is restored; a webhook has the same signing secret as before.",
    "test": "A test is on its way. Reload this page in a few seconds to see what became of it.",
    "retry": "It is tried again.",
}


@dataclass(frozen=True)
class TargetLine:
    """One target: its address, its messages, and a webhook's key."""

    id: int
    to: str
    events: Sequence[str]
    key: str


@dataclass(frozen=True)
class DeliveryLine:
    """One message and its outcome."""

    delivery: Delivery
    about: str
    to: str


@dataclass(frozen=True)
class SentNotification:
    """What a form holds, `events` the ticked ones; at first what a new notification would have."""

    address: str = ""
    events: Sequence[str] = tuple(EVENTS)
    flagged_percent: str = "30"
    budget_percent: str = "90"


@dataclass(frozen=True)
class NotificationsPage:
    """`own_mail` if mail to the user can be added; `sends_mail` if the server has a mail server. `refused` is the form
    that came back with the problem: "mail", "webhook" or none. `removed` are notifications that can be restored.
    """

    template: ClassVar[str] = "requester/study/notifications.html"

    frame: Frame
    study: Study
    targets: Sequence[TargetLine]
    removed: Sequence[Removal]
    undo_days: int
    deliveries: Sequence[DeliveryLine]
    events: Mapping[MessageKind, str]
    fewest: int
    email: str
    sends_mail: bool
    own_mail: bool
    forms: Mapping[str, SentNotification]
    refused: str
    notice: str
    problem: str


Events = Annotated[list[str], Form(max_length=10)]
Percent = Annotated[str, Form(max_length=10)]


@router.get("")
def show_notifications(
    slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages, services: CurrentServices, done: str = ""
) -> Response:
    """Security: for owners."""
    return render.render(_page(db, owned_study(db, slug, user), user, services, notice=_NOTICES.get(done, "")))


@router.post("")
def add(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    services: CurrentServices,
    address: Annotated[str, Form(max_length=1000)] = "",
    mail: Annotated[str, Form(max_length=10)] = "",
    event: Events = [],  # noqa: B006  # FastAPI copies it
    flagged_percent: Percent = "30",
    budget_percent: Percent = "90",
) -> Response:
    """Add a webhook, or with `mail` the user's own address. Security: for owners; mail goes to nobody else."""
    study = owned_study(db, slug, user)
    try:
        choice = EventChoice.read(event, flagged_percent, budget_percent)
        if mail:
            add_mail(db, study, choice, user, now)
        else:
            add_webhook(db, study, address, choice, user, now)
    except (BadRequest, Conflict) as problem:
        sent = {"mail" if mail else "webhook": SentNotification(address, event, flagged_percent, budget_percent)}
        page = _page(db, study, user, services, sent=sent, problem=problem.message)
        return render.render(page, status=problem.status)
    return _back(slug, "added")


@router.post("/test")
def send_test(
    slug: str, user: CurrentUser, db: WriteSession, now: Now, target: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Security: for owners."""
    study = owned_study(db, slug, user)
    put(db, target_of(db, study, number(target, "The notification") or 0), MessageKind.TEST, {}, now)
    return _back(slug, "test")


@router.post("/remove")
def remove(
    slug: str, user: CurrentUser, db: WriteSession, now: Now, target: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Security: for owners."""
    study = owned_study(db, slug, user)
    remove_target(db, study, target_of(db, study, number(target, "The notification") or 0), user, now)
    return _back(slug, "removed")


@router.post("/restore")
def restore(
    slug: str, user: CurrentUser, db: WriteSession, now: Now, removal: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Undo the removal of a notification. Security: for owners."""
    study = owned_study(db, slug, user)
    found = removal_of(db, study, RemovalKind.NOTIFICATION, number(removal, "The removal") or 0, now)
    restore_target(db, study, found, user, now)
    return _back(slug, "restored")


@router.post("/retry")
def try_again(
    slug: str, user: CurrentUser, db: WriteSession, now: Now, delivery: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Try a delivery that has failed again. Security: for owners."""
    retry(db, owned_study(db, slug, user), number(delivery, "The delivery") or 0, now)
    return _back(slug, "retry")


def _back(slug: str, done: str) -> Response:
    return RedirectResponse(f"/studies/{slug}/notifications?done={done}", status_code=303)


def _page(
    db: Session,
    study: Study,
    user: User,
    services: Services,
    *,
    sent: Mapping[str, SentNotification] | None = None,
    notice: str = "",
    problem: str = "",
) -> NotificationsPage:
    db.flush()
    targets = targets_of(db, study)
    places = {target.id: place_of(db, target) for target in targets}
    return NotificationsPage(
        frame=study_frame(user, study, Role.OWNER, "settings", Link("Notifications", "", current=True)),
        study=study,
        targets=[
            TargetLine(
                id=target.id,
                to=places[target.id],
                events=[_event(target, MessageKind(kind)) for kind in target.events],
                key=shown_key(webhook_key(services.keyring, target)) if target.url else "",
            )
            for target in targets
        ],
        removed=removals_of(db, study, RemovalKind.NOTIFICATION, services.clock()),
        undo_days=UNDO_DAYS,
        deliveries=[
            DeliveryLine(delivery, event_name(MessageKind(delivery.kind)), places.get(delivery.target_id or 0, ""))
            for delivery in deliveries_of(db, study, _MOST_SHOWN)
        ],
        events=EVENTS,
        fewest=FEWEST_ANALYSED,
        email=user.email,
        sends_mail=services.settings.sends_mail,
        own_mail=services.settings.sends_mail and all(target.user_id != user.id for target in targets),
        forms=dict.fromkeys(("mail", "webhook"), SentNotification()) | dict(sent or {}),
        refused=next(iter(sent or {}), ""),
        notice=notice,
        problem=problem,
    )


def _event(target: NotificationTarget, kind: MessageKind) -> str:
    bounds: Mapping[MessageKind, int] = {
        MessageKind.FLAGGED: target.flagged_percent,
        MessageKind.BUDGET: target.budget_percent,
    }
    sign = ">" if kind is MessageKind.FLAGGED else "≥"
    return f"{EVENTS[kind]} ({sign} {bounds[kind]} %)" if kind in bounds else EVENTS[kind]

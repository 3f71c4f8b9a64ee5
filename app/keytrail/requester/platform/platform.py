"""Connecting a study to its platform, and publishing it there."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from keytrail.errors import BadRequest, Conflict
from keytrail.models import Study, User
from keytrail.platform_actions.connection import check_link, set_options
from keytrail.platform_actions.ledger import totals
from keytrail.platform_actions.publication import (
    plan_publication,
    queue_expiry,
    queue_extension,
    queue_publication,
    read_offer,
    set_budget,
)
from keytrail.platform_actions.sender import SendResult
from keytrail.platform_actions.tasks import task_by_hit
from keytrail.platforms import platform_of
from keytrail.platforms.money import parse_amount
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.platform.dependencies import CurrentSender, Values
from keytrail.requester.platform.messages import address, notice_text, sent_address
from keytrail.requester.platform.page import PlatformPageState, platform_page, preview_page
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}/platform", include_in_schema=False, dependencies=[Depends(same_origin)])

_OFFER = (
    "title", "description", "keywords", "assignments", "days", "auto_approve_days", "countries", "approval_rate",
    "approved_count", "hide_from_excluded",
)  # fmt: skip


HitId = Annotated[str, Form(max_length=128)]


@router.get("")
def show_platform(
    slug: str,
    request: Request,
    user: CurrentUser,
    db: ReadSession,
    render: CurrentPages,
    services: CurrentServices,
    now: Now,
) -> Response:
    """Security: 404 to outsiders; owners change, others view."""
    reader = study_for(db, slug, user)
    query = request.query_params
    asked = PlatformPageState(
        now, notice=notice_text(query), offer={name: query[name] for name in _OFFER if name in query}
    )
    return render.render(platform_page(db, reader, user, services, asked))


@router.post("/options")
def save_options(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    values: Values,
    render: CurrentPages,
    services: CurrentServices,
    now: Now,
) -> Response:
    """Security: owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    platform = platform_of(study.platform, study.platform_options, services.settings.submit_origins)
    try:
        set_options(db, study, platform, values, user.id, now)
    except BadRequest as problem:
        page = platform_page(db, (study, role), user, services, PlatformPageState(now, problem=problem.message))
        return render.render(page, status=problem.status)
    return _back(slug, "saved")


@router.post("/check")
def check(
    slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages, services: CurrentServices, now: Now
) -> Response:
    """Check whether workers can get in. Only this installation's own address is requested."""
    study, role = study_for(db, slug, user)
    platform = platform_of(study.platform, study.platform_options, services.settings.submit_origins)
    left = totals(db, study.id, now).left
    db.close()  # this server may have to answer before this request does
    checks = check_link(study, platform, services.settings.public_url, left)
    return render.render(platform_page(db, (study, role), user, services, PlatformPageState(now, checks=checks)))


@router.post("/budget")
def save_budget(slug: str, user: CurrentUser, db: WriteSession, values: Values) -> Response:
    """Security: owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    text = values.get("budget", "").strip()
    set_budget(db, study, parse_amount(text) if text else None)
    return _back(slug, "budget" if text else "no_budget")


@router.post("/preview")
def preview(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    values: Values,
    render: CurrentPages,
    services: CurrentServices,
    now: Now,
) -> Response:
    """Show what publishing would do and cost. Security: owners only; changes nothing."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    try:
        plan = plan_publication(db, study, read_offer(_offer(values)), now)
    except (BadRequest, Conflict) as problem:
        asked = PlatformPageState(now, problem=problem.message, offer=_offer(values))
        return render.render(platform_page(db, (study, role), user, services, asked), status=problem.status)
    task_url = f"{services.settings.public_url}/task/{slug}"
    return render.render(preview_page(user, (study, role), plan, task_url))


@router.post("/publication")
def publish(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    values: Values,
    services: CurrentServices,
    sender: CurrentSender,
    now: Now,
) -> Response:
    """Queue a HIT for each item and send them; the cost was shown before. Security: owners only."""
    study = _own(db, slug, user)
    offer, task_url = read_offer(_offer(values)), f"{services.settings.public_url}/task/{slug}"
    with services.database.writing() as writing:
        actions = queue_publication(writing, study, offer, task_url, user.id, now)
        numbers = [action.id for action in actions]
    return _sent(slug, sender.send_all(study.id, numbers, user.id), "published")


@router.post("/extension")
def extend(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    services: CurrentServices,
    sender: CurrentSender,
    now: Now,
    hit: HitId = "",
    more: Annotated[int, Form(le=10_000)] = 0,
) -> Response:
    """Add places to a HIT. Security: owners only."""
    study = _own(db, slug, user)
    with services.database.writing() as writing:
        action = queue_extension(writing, study, task_by_hit(writing, study.id, hit), more, user.id, now)
        number = action.id
    return _sent(slug, [sender.send(study.id, number, user.id)], "extended")


@router.post("/expiry")
def expire(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    services: CurrentServices,
    sender: CurrentSender,
    now: Now,
    hit: HitId = "",
) -> Response:
    """Expire a HIT: no new workers. Security: owners only."""
    study = _own(db, slug, user)
    with services.database.writing() as writing:
        number = queue_expiry(writing, study, task_by_hit(writing, study.id, hit), user.id, now).id
    return _sent(slug, [sender.send(study.id, number, user.id)], "expired")


def _own(db: ReadSession, slug: str, user: User) -> Study:
    study, role = study_for(db, slug, user)
    require_owner(role)
    db.close()  # no request waits for a connection, or for the platform, while it holds one
    return study


def _offer(values: dict[str, str]) -> dict[str, object]:
    given: dict[str, object] = {
        name: values[name] for name in _OFFER if name in values and name != "hide_from_excluded"
    }
    return given | {"hide_from_excluded": bool(values.get("hide_from_excluded"))}


def _sent(slug: str, sent: Sequence[SendResult], done: str) -> Response:
    return RedirectResponse(sent_address(_page(slug), sent, done, "left_waiting"), status_code=303)


def _back(slug: str, message: str) -> Response:
    return RedirectResponse(address(_page(slug), message), status_code=303)


def _page(slug: str) -> str:
    return f"/studies/{slug}/platform"

"""Recruitment at Prolific or Connect: draft a study, publish it, pause it."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import ActionKind, PlatformTask, Role, Study, User
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.recruitment import (
    Drafting,
    current_task,
    queue_change,
    queue_draft,
    queue_launch,
    read_study_offer,
)
from keytrail.platform_actions.sender import SendResult
from keytrail.platforms import PlatformFault
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.platform.dependencies import CurrentSender, Values
from keytrail.requester.platform.messages import sent_address
from keytrail.requester.platform.page import PlatformPageState, platform_page
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession

router = APIRouter(prefix="/studies/{slug}/platform", include_in_schema=False, dependencies=[Depends(same_origin)])

_TEXTS = ("title", "description", "places", "minutes", "screen_out", "screen_out_places", "project")
_SWITCHES = ("hide_from_excluded", "part_pay")


@router.post("/draft")
def create_draft(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    values: Values,
    render: CurrentPages,
    services: CurrentServices,
    sender: CurrentSender,
    now: Now,
) -> Response:
    """Create the draft, which costs nothing. Security: owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    offer = _offer(values)
    try:
        read = read_study_offer(offer)
        db.close()  # no request waits for a connection while it holds one
        with services.database.writing() as writing:
            drafting = Drafting(services.settings.public_url, services.keyring)
            number = queue_draft(writing, writing.get_one(Study, study.id), read, drafting, user.id, now).id
    except (BadRequest, Conflict) as problem:
        asked = PlatformPageState(now, problem=problem.message, offer=offer)
        return render.render(platform_page(db, (study, role), user, services, asked), status=problem.status)
    return _sent(slug, sender.send(study.id, number, user.id), "drafted")


@router.post("/launch")
def launch(
    slug: str, user: CurrentUser, db: ReadSession, services: CurrentServices, sender: CurrentSender, now: Now
) -> Response:
    """Publish the draft: what it costs was beside the button. Security: owners only."""
    study, task = _own(db, slug, user)
    with services.database.writing() as writing:
        number = queue_launch(writing, study, task, user.id, now).id
    return _sent(slug, sender.send(study.id, number, user.id), "launched")


@router.post("/pause")
def pause(
    slug: str, user: CurrentUser, db: ReadSession, services: CurrentServices, sender: CurrentSender, now: Now
) -> Response:
    """Take no new workers for now. Security: owners only."""
    study, task = _own(db, slug, user)
    with services.database.writing() as writing:
        number = queue_change(writing, study, task, ActionKind.PAUSE, user.id, now).id
    return _sent(slug, sender.send(study.id, number, user.id), "paused")


@router.post("/resumption")
def resume(
    slug: str, user: CurrentUser, db: ReadSession, services: CurrentServices, sender: CurrentSender, now: Now
) -> Response:
    """Take workers again. Security: owners only."""
    study, task = _own(db, slug, user)
    with services.database.writing() as writing:
        number = queue_change(writing, study, task, ActionKind.RESUME, user.id, now).id
    return _sent(slug, sender.send(study.id, number, user.id), "resumed")


@router.post("/trial")
def try_out(
    slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages, services: CurrentServices, now: Now
) -> Response:
    """Ask Prolific for the address at which a test participant takes the draft. Security: owners only."""
    study, task = _own(db, slug, user)
    try:
        asked = PlatformPageState(now, trial_url=Connections(services.settings).prolific.test_study(task.external_id))
    except PlatformFault as fault:
        asked = PlatformPageState(now, problem=fault.message)
    return render.render(platform_page(db, (study, Role.OWNER), user, services, asked))


def _own(db: ReadSession, slug: str, user: User) -> tuple[Study, PlatformTask]:
    study, role = study_for(db, slug, user)
    require_owner(role)
    task = current_task(db, study)
    if task is None:
        raise NotFound("This study was not created at its platform from here.")
    db.close()  # no request waits for a connection, or for the platform, while it holds one
    return study, task


def _offer(values: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {name: values[name] for name in _TEXTS if name in values}
    return given | {name: bool(values.get(name)) for name in _SWITCHES}


def _sent(slug: str, sent: SendResult, done: str) -> Response:
    return RedirectResponse(sent_address(f"/studies/{slug}/platform", [sent], done, "left_waiting"), status_code=303)

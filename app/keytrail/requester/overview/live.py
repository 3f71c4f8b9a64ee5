"""Live updates: server-sent events that tell open pages to reload their content after a change."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from keytrail.db import Database
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.review.figures.progress import pulse_of
from keytrail.studies import memberships
from keytrail.web.services import CurrentServices, ReadSession, Services

router = APIRouter(include_in_schema=False)

_EVERY_S = 1.0
# Not for long, so that whoever is signed out or loses a role hears no more: the browser asks again by itself.
_OPEN_S = 5.0
_RETRY_MS = 1_000


@router.get("/live")
def live(
    user: CurrentUser,
    db: ReadSession,
    services: CurrentServices,
    study: str = "",
    last_event_id: Annotated[str, Header()] = "",
) -> Response:
    """Security: for one study, 404 to outsiders; without one, for all that the user has a role in."""
    studies = [study_for(db, study, user)[0]] if study else [found for found, _ in memberships(db, user)]
    events = _events(services, [found.id for found in studies], last_event_id)
    return StreamingResponse(events, media_type="text/event-stream")


async def _events(services: Services, study_ids: Sequence[int], seen: str) -> AsyncIterator[str]:
    """The present mark at once, so that the browser can name it when it asks again; then every change."""
    read = partial(run_in_threadpool, _pulse, services.database, study_ids)
    pulse = await read()
    yield f"retry: {_RETRY_MS}\n{_event('change' if seen and seen != pulse else 'here', pulse)}"
    for _ in range(round(_OPEN_S / _EVERY_S)):
        if await services.stopping.wait(_EVERY_S):
            return
        before, pulse = pulse, await read()
        if pulse != before:
            yield _event("change", pulse)


def _pulse(database: Database, study_ids: Sequence[int]) -> str:
    with database.reading() as db:
        return pulse_of(db, study_ids)


def _event(kind: str, pulse: str) -> str:
    return f"event: {kind}\nid: {pulse}\ndata: {pulse}\n\n"

"""Restore the draft in the answer box of a returning worker."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from keytrail.sessions.lifecycle import session_with_nonce
from keytrail.web.ascii_json import AsciiJSON
from keytrail.web.services import CurrentServices, Now
from keytrail.worker.request_body import parse, read_body
from keytrail.worker.tickets import Tickets

router = APIRouter(prefix="/api/worker", tags=["worker"])

DRAFT_PATH = "/api/worker/draft"
_MAX_BYTES = 4000


class DraftBody(BaseModel):
    """The requesting page load."""

    model_config = ConfigDict(extra="forbid", strict=True)

    v: int = Field(ge=1, le=1)
    ticket: str = Field(max_length=2000)


class DraftShape(BaseModel):
    """The text that the previous page loads left, and whether more of it is expected."""

    text: str
    settled: bool
    missing: bool


async def _small_body(request: Request) -> bytes:
    return await read_body(request, _MAX_BYTES)


@router.post("/draft", response_model=DraftShape)
def receive_draft(raw: Annotated[bytes, Depends(_small_body)], services: CurrentServices, now: Now) -> Response:
    """Return the current draft. A page is requested before the previous one has sent its last events, so it asks again.

    Answers 503 if too many drafts are being restored. Security: the signed ticket names the session of the draft.
    """
    ticket = Tickets(services.keyring).read_writing(parse(DraftBody, raw).ticket, now)
    with services.database.reading() as db:
        session_with_nonce(db, ticket.session_id, ticket.nonce)
    return AsciiJSON(asdict(services.drafts.of(ticket.session_id, ticket.epoch)))

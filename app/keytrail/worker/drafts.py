"""What a returning worker finds in the answer box."""

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
    """Which page load asks."""

    model_config = ConfigDict(extra="forbid", strict=True)

    v: int = Field(ge=1, le=1)
    ticket: str = Field(max_length=2000)


class DraftShape(BaseModel):
    """The text that the page loads before this one left, and whether more of it is to be expected."""

    text: str
    settled: bool
    missing: bool


async def _small_body(request: Request) -> bytes:
    return await read_body(request, _MAX_BYTES)


@router.post("/draft", response_model=DraftShape)
def receive_draft(raw: Annotated[bytes, Depends(_small_body)], services: CurrentServices, now: Now) -> Response:
    """The draft as it is now. A page is asked for before the one before it has sent its last words, so it asks again.

    Answers 503 if too many drafts are made at the moment. Security: the signed ticket names the session whose draft
    this is.
    """
    ticket = Tickets(services.keyring).read_writing(parse(DraftBody, raw).ticket, now)
    with services.database.reading() as db:
        session_with_nonce(db, ticket.session_id, ticket.nonce)
    return AsciiJSON(asdict(services.drafts.of(ticket.session_id, ticket.epoch)))

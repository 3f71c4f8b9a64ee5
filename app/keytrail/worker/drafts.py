"""What a returning worker finds in the answer box."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from keytrail.provenance import EpochLog, restore
from keytrail.provenance.wire.events import Visibility
from keytrail.review.analysing.logs import epoch_logs
from keytrail.web.ascii_json import AsciiJSON
from keytrail.web.services import CurrentServices, Now, ReadSession
from keytrail.worker.bodies import parse, read_body
from keytrail.worker.tickets import Tickets

router = APIRouter(prefix="/api/worker", tags=["worker"])

DRAFT_PATH = "/api/worker/draft"
_MAX_BYTES = 4000


@dataclass(frozen=True)
class Kept:
    """The text as the last page load that wrote something left it, as far as it reached us.

    `settled` says that no more is to be expected: this page load has told its end, and nothing before it is missing.
    `missing` says that it has sent more than what is here, as later batches show.
    """

    text: str
    settled: bool
    missing: bool


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


def draft_of(db: Session, session_id: int, before: int | None = None) -> Kept:
    """The draft of a session, or only of the page loads with a number lower than `before`."""
    logs = [log for log in epoch_logs(db, session_id) if log.events and (before is None or log.number < before)]
    if not logs:
        return Kept("", settled=True, missing=False)
    # A page that goes sends its last batches all at once, and a short one overtakes a long one.
    missing = bool(logs[-1].gaps)
    return Kept(restore(logs).text, settled=_has_ended(logs[-1]) and not missing, missing=missing)


def _has_ended(log: EpochLog) -> bool:
    seen = [event.state for event in log.events if type(event) is Visibility]
    return bool(seen) and seen[-1] in {"hidden", "pagehide", "freeze"}


async def _small_body(request: Request) -> bytes:
    return await read_body(request, _MAX_BYTES)


@router.post("/draft", response_model=DraftShape)
def receive_draft(
    raw: Annotated[bytes, Depends(_small_body)], db: ReadSession, services: CurrentServices, now: Now
) -> Response:
    """The draft as it is now. A page is asked for before the one before it has sent its last words, so it asks again.

    Security: the signed ticket names the session whose draft this is.
    """
    ticket = Tickets(services.keyring).read_writing(parse(DraftBody, raw).ticket, now)
    return AsciiJSON(asdict(draft_of(db, ticket.session_id, ticket.epoch)))

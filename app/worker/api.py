"""What the recorder and the task page's script talk to. Bodies are JSON in text/plain; the ticket is inside."""

import json
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.errors import BadShape, TooLarge, Unauthorized
from app.models import WritingSession
from app.platforms import Finish
from app.provenance import BadEvent, decode
from app.review.analysis import analyse_in_background
from app.sessions.eventlog import Batch, append_batch
from app.sessions.submitting import Answer, submit
from app.worker.desk import CurrentDesk

router = APIRouter(prefix="/api/worker", tags=["worker"])

_MAX_BATCH_BYTES = 256_000
_MAX_BATCH_EVENTS = 2000
_MAX_SUBMISSION_BYTES = 2_000_000
_MAX_SEQ = 10_000_000

_Body = TypeVar("_Body", bound=BaseModel)


class BatchBody(BaseModel):
    """One batch as the recorder sends it; `events` are checked one by one against the vocabulary."""

    model_config = ConfigDict(extra="forbid", strict=True)

    v: int = Field(ge=1, le=1)
    ticket: str = Field(max_length=2000)
    seq: int = Field(ge=0, le=_MAX_SEQ)
    perf: float = Field(allow_inf_nan=False)
    wall: float = Field(ge=0, le=1e14)
    events: list[Any] = Field(min_length=1, max_length=_MAX_BATCH_EVENTS)


class SubmissionBody(BaseModel):
    """The final text; `events` is how many events the page cut in this epoch."""

    model_config = ConfigDict(extra="forbid", strict=True)

    v: int = Field(ge=1, le=1)
    ticket: str = Field(max_length=2000)
    text: str
    comment: str = ""
    events: int | None = Field(None, ge=0, le=_MAX_SEQ)


class Acknowledgement(BaseModel):
    """The highest sequence number up to which this epoch is stored without a gap; -1 if none."""

    committed: int


class Receipt(BaseModel):
    """The submission is stored; `finish` is what the browser does next."""

    receipt: str
    finish: dict[str, Any]


async def _small_body(request: Request) -> bytes:
    return await _body(request, _MAX_BATCH_BYTES)


async def _submission_body(request: Request) -> bytes:
    return await _body(request, _MAX_SUBMISSION_BYTES)


@router.post("/events")
def receive_events(raw: Annotated[bytes, Depends(_small_body)], desk: CurrentDesk) -> Acknowledgement:
    """Security: the signed ticket names the one epoch that this batch may belong to."""
    body = _parse(BatchBody, raw)
    ticket = desk.tickets.read_writing(body.ticket, desk.now)
    _check_events(body.events)
    batch = Batch(first_seq=body.seq, events=body.events, perf_ms=body.perf, wall_ms=int(body.wall))
    return Acknowledgement(committed=append_batch(desk.db, ticket.session_id, ticket.epoch, batch, desk.now))


@router.post("/submission")
def receive_submission(
    raw: Annotated[bytes, Depends(_submission_body)], desk: CurrentDesk, after: BackgroundTasks
) -> Receipt:
    """Security: the signed ticket names the session whose answer this is. A repeat gets the same receipt."""
    body = _parse(SubmissionBody, raw)
    ticket = desk.tickets.read_writing(body.ticket, desk.now)
    session = desk.db.scalar(
        select(WritingSession)
        .where(WritingSession.id == ticket.session_id)
        .options(joinedload(WritingSession.identity), joinedload(WritingSession.study))
    )
    if session is None:
        raise Unauthorized("This page's ticket is not valid. Reload the task.", code="ticket_invalid")
    submission = submit(desk.db, session.id, Answer(body.text, body.comment, ticket.epoch, body.events), desk.now)
    after.add_task(analyse_in_background, desk.services.database, submission.id, desk.services.clock)
    return Receipt(
        receipt=submission.public_id, finish=_shape(desk.finish(session.study, session, submission.public_id))
    )


def _shape(finish: Finish) -> dict[str, Any]:
    return {"kind": finish.kind, "url": finish.url, "fields": dict(finish.fields), "code": finish.code}


async def _body(request: Request, limit: int) -> bytes:
    """The body, refused as soon as it is longer than `limit` bytes, whatever its header says."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge(f"The body is larger than {limit} bytes.")
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > limit:
            raise TooLarge(f"The body is larger than {limit} bytes.")
    return bytes(received)


def _parse(shape: type[_Body], raw: bytes) -> _Body:
    """JSON of the documented shape. Python's parser keeps lone surrogates, which pydantic's refuses."""
    try:
        return shape.model_validate(json.loads(raw))
    except ValidationError as error:
        problems = [{"where": list(p["loc"]), "problem": p["msg"]} for p in error.errors(include_input=False)]
        if any(p["type"] == "too_long" for p in error.errors()):
            raise TooLarge("The batch holds too many events.") from None
        raise BadShape("The body is not wire format 1.", detail={"problems": problems}) from None
    except (ValueError, RecursionError):
        raise BadShape("The body is not JSON.") from None


def _check_events(events: list[Any]) -> None:
    try:
        for index, event in enumerate(events):
            decode(event, index)
    except BadEvent as error:
        raise BadShape(
            f"The body is not wire format 1: {error}.", detail={"event": error.index, "field": error.field}
        ) from None

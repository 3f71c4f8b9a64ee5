"""Receive batches of events, by far the most frequent request."""

import asyncio
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send

from keytrail.errors import BadShape
from keytrail.provenance import BadEvent, decode
from keytrail.sessions.codec import pack
from keytrail.sessions.eventlog import Append, Batch, GroupWriter
from keytrail.web.request_body import BATCHES
from keytrail.web.services import Services
from keytrail.worker.request_body import parse, read_body
from keytrail.worker.tickets import Tickets

PATH = BATCHES

_MAX_EVENTS = 2000
MAX_SEQ = 10_000_000


class BatchBody(BaseModel):
    """One batch as the recorder sends it; `events` are validated one by one."""

    model_config = ConfigDict(extra="forbid", strict=True)

    v: int = Field(ge=1, le=1)
    ticket: str = Field(max_length=2000)
    seq: int = Field(ge=0, le=MAX_SEQ)
    perf: float = Field(allow_inf_nan=False)
    wall: float = Field(ge=0, le=1e14)
    events: list[Any] = Field(min_length=1, max_length=_MAX_EVENTS)


class Acknowledgement(BaseModel):
    """The highest sequence number up to which this epoch is stored without a gap; -1 if none."""

    committed: int


class EventsEndpoint:
    """Validate batches on the event loop, where that is cheapest, and pass them to the writer."""

    def __init__(self, services: Services, writer: GroupWriter) -> None:
        self._clock = services.clock
        self._tickets = Tickets(services.keyring)
        self._writer = writer
        self._max_bytes = services.settings.max_batch_bytes

    async def receive(self, request: Request) -> Response:
        """Store one batch of events and answer after its commit. The body is JSON in text/plain.

        Security: the signed ticket names the one epoch that this batch may belong to.
        """
        raw = await read_body(request, self._max_bytes)
        # All requests that arrived together are read before the first is checked, so that consecutive checks find their
        # code and tables in the processor's cache.
        await asyncio.sleep(0)
        committed = await self._writer.append(self._checked(raw))
        return Response(b'{"committed":%d}' % committed, media_type="application/json")

    def route(self) -> APIRoute:
        """Return the route: documented like all others, answered without FastAPI, whose part costs as much as
        storing.
        """
        body = {"required": True, "content": {"text/plain": {"schema": BatchBody.model_json_schema()}}}
        route = APIRoute(
            PATH,
            self.receive,
            methods=["POST"],
            tags=["worker"],
            response_model=Acknowledgement,
            openapi_extra={"requestBody": body},
        )
        route.app = self._answer  # instead of resolving parameters, dependencies and exit stacks
        return route

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.receive(Request(scope, receive))
        await response(scope, receive, send)

    def _checked(self, raw: bytes) -> Append:
        """Return the batch of a body, ready to be stored. The parsed objects are freed when this returns.

        While a batch waits for its commit only its few bytes are kept, not the thousand objects from which it was made.
        """
        body = parse(BatchBody, raw)
        now = self._clock()
        ticket = self._tickets.read_writing(body.ticket, now)
        return Append(ticket.session_id, ticket.epoch, _batch(body), now, ticket.nonce)


def _batch(body: BatchBody) -> Batch:
    """Return the batch in its stored form. Raises BadShape for an invalid event."""
    packed = pack(body.events)
    try:
        for index, event in packed.odd:
            decode(event, index)
    except BadEvent as error:
        raise BadShape(
            f"The body is not wire format 1: {error}.", detail={"event": error.index, "field": error.field}
        ) from None
    # Whole milliseconds take few bytes, and clocks are compared by the second.
    return Batch.packed(body.seq, len(body.events), packed, round(body.perf), int(body.wall))

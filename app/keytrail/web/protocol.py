"""An HTTP protocol with time limits for slow clients: requests that never finish, responses that are never read."""

import asyncio
from typing import Any, ClassVar

from keytrail.web.http_limits import LimitedProtocol
from keytrail.web.stopping import STOPPING, Stopping

_SLOWEST_BYTES_S = 500
"""Minimum rate of a body; a faster one is awaited, as with Apache's mod_reqtimeout (`body=20,MinRate=500`)."""

_LAST_WAIT_S = 2.0


class PatientProtocol(LimitedProtocol):
    """uvicorn's protocol with limits on sizes, and on times; `limited_to` sets these.

    A request that arrives whole costs three assignments: timers run only for late ones.
    """

    request_s: ClassVar[float] = 30
    stall_s: ClassVar[float] = 60

    _arriving = True  # a connection owes its first request
    _began = 0.0
    _received = 0
    _late: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _unsent = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Start the timer for the first request."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Start or stop the timer, depending on whether a request is incomplete."""
        super().data_received(data)
        if self._arriving and self._late is None:
            self._watch()
        elif not self._arriving and self._late is not None:
            _cancel(self._late)
            self._late = None

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        self._arriving, self._received = True, 0
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        """Extend the time by the bytes received."""
        self._received += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request is complete."""
        self._arriving = False
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel both timers of the connection."""
        _cancel(self._late)
        _cancel(self._stalled)
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Wait a moment for incomplete requests, instead of as long as the client likes.

        Streams end at once: the application's lifespan sets what they wait for.
        """
        super().shutdown()
        stopping: Stopping | None = self.app_state.get(STOPPING)
        if stopping is not None:
            stopping.begin()
        if self._arriving and not self.transport.is_closing():
            _cancel(self._late)
            self._late = self.loop.call_later(min(_LAST_WAIT_S, self.request_s), self.transport.abort)

    def pause_writing(self) -> None:
        """Start the timer for a client that reads nothing."""
        super().pause_writing()
        self._unsent = self.transport.get_write_buffer_size()
        self._stalled = self.loop.call_later(self.stall_s, self._end_if_stalled)

    def resume_writing(self) -> None:
        """Stop that timer."""
        super().resume_writing()
        _cancel(self._stalled)

    def _watch(self) -> None:
        self._began = self.loop.time()
        self._late = self.loop.call_later(self.request_s, self._end_if_late)

    def _end_if_late(self) -> None:
        until = self._began + self.request_s + self._received / _SLOWEST_BYTES_S
        if self.flow.read_paused:
            until = self.loop.time() + self.request_s  # the delay is ours, not the client's
        if until > self.loop.time():
            self._late = self.loop.call_at(until, self._end_if_late)
        else:
            self.transport.abort()

    def _end_if_stalled(self) -> None:
        unsent = self.transport.get_write_buffer_size()
        if unsent < self._unsent:
            self._unsent = unsent
            self._stalled = self.loop.call_later(self.stall_s, self._end_if_stalled)
        else:
            self.transport.abort()


def limited_to(request_s: float, stall_s: float) -> type[PatientProtocol]:
    """Return the protocol class with these limits, in seconds."""
    limits: dict[str, Any] = {"request_s": request_s, "stall_s": stall_s}
    return type("LimitedProtocol", (PatientProtocol,), limits)


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()

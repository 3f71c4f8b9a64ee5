"""An HTTP protocol with limits on everything that a client may send beside bodies, and on the number of connections.

uvicorn has none of them: a head, or requests that are sent ahead of their answers, would be kept in memory however long
they get.
"""

import asyncio
import logging
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 32 * 1024
"""The address and all headers of a request together; nginx takes as much by default."""
HEADERS: Final = 200
AHEAD: Final = 8
"""Requests that wait on one connection for the answers to earlier ones. Browsers send none ahead."""
SMALL_CHUNKS: Final = 1000
LEAST_CHUNK: Final = 64
"""Bytes that the chunks of a body have on average, beyond the first thousand: each chunk takes work, however small."""

_MOST_CONNECTIONS: Final = 6000
_OTHER_FILES: Final = 200
"""Open files beside connections: the database, pipes to child processes, scripts and pages."""
_LEAST_CONNECTIONS: Final = 50
_AT_ONCE: Final = 10
_TOO_LARGE: Final = "431 Request Header Fields Too Large"
_INVALID: Final = "400 Bad Request"
_SENTENCES: Final = {
    _TOO_LARGE: "The address or the headers of this request are too long. Delete the cookies of this site, or open a "
    "shorter link.",
    _INVALID: "This is not a request that can be read.",
}
_HEADERS: Final = (
    "content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\nreferrer-policy: no-referrer\r\n"
    "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\ncache-control: no-store\r\n"
    "connection: close\r\n"
)
_log = logging.getLogger("keytrail")


def connections_for(open_files: int) -> int:
    """Return how many connections a process takes that may have so many files open."""
    return max(_LEAST_CONNECTIONS, min(_MOST_CONNECTIONS, open_files - _OTHER_FILES))


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol; what exceeds a limit is answered with 431 or 400, and the connection is closed.

    If there are more connections than a process can have, those end that have waited longest for a request, or for the
    rest of one. Who sends a request at once is answered.
    """

    most_connections: ClassVar[int] = _MOST_CONNECTIONS

    since = 0.0
    """When the client last began something, or was answered."""
    _head = 0
    _fields = 0
    _chunks = 0
    _in_body = 0
    _steps = 0
    _unread = 0
    _too_large = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Make room if there are too many."""
        super().connection_made(transport)
        self.since = self.loop.time()
        if len(self.connections) > self.most_connections:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """Count what belongs to no part that is complete: a header, a trailer or an address that does not end."""
        steps = self._steps
        super().data_received(data)
        self._unread = self._unread + len(data) if steps == self._steps else 0
        if self._unread > HEAD_BYTES and not self.transport.is_closing():
            self._too_large = True
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """Begin to count. Refuses requests that are sent too far ahead."""
        super().on_message_begin()
        self._step()
        self.since = self.loop.time()
        self._head = self._fields = self._chunks = self._in_body = 0
        if len(self.pipeline) >= AHEAD:
            raise _LimitExceeded

    def on_url(self, url: bytes) -> None:
        """Count the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header, or a field after a body."""
        self._fields += 1
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """What comes now is the body."""
        self._step()
        super().on_headers_complete()

    def on_chunk_header(self) -> None:
        """Refuse a body in ever so many pieces."""
        self._chunks += 1
        if self._chunks > SMALL_CHUNKS + self._in_body / LEAST_CHUNK:
            raise _LimitExceeded

    def on_body(self, body: bytes) -> None:
        """The body has limits of its own (`web/request_body.py`)."""
        self._step()
        self._in_body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """What comes now is another request."""
        self._step()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """From now on the connection waits for another request."""
        self.since = self.loop.time()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # ours says what to do
        """Answer what could not be read, with the headers that every answer has, and close."""
        status = _TOO_LARGE if self._too_large else _INVALID
        said = _SENTENCES[status]
        self.transport.write(f"HTTP/1.1 {status}\r\n{_HEADERS}content-length: {len(said)}\r\n\r\n{said}".encode())
        self.transport.close()

    def _step(self) -> None:
        self._steps += 1

    def _count(self, size: int) -> None:
        self._head += size
        if self._head > HEAD_BYTES or self._fields > HEADERS:
            self._too_large = True
            raise _LimitExceeded

    @property
    def is_waiting(self) -> bool:
        """Whether the server waits for this client, and not the client for the server."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def _make_room(self) -> None:
        """End a tenth of the connections, so that a flood does not cause this work for each of them."""
        there: list[Any] = [one for one in self.connections if not one.transport.is_closing()]
        if len(there) <= self.most_connections:
            return
        waiting = sorted((one for one in there if one.is_waiting), key=lambda one: one.since)
        ended = waiting[: max(1, self.most_connections // _AT_ONCE)]
        _log.warning("%d connections at once: the %d that waited longest are ended.", len(there), len(ended))
        for one in ended:
            one.transport.abort()


class _LimitExceeded(Exception):
    """Stops the parser, which raises an error of its own."""

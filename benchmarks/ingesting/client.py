"""A small HTTP/1.1 client that keeps a fixed number of connections busy and measures each answer."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import uvloop

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"

Requests = Iterator[bytes]


@dataclass
class Measured:
    """One run: its seconds, the milliseconds of each answer, and the number of answers other than 2xx."""

    seconds: float = 0.0
    millis: list[float] = field(default_factory=list)
    failures: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return len(self.millis) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the milliseconds that this share of the answers did not exceed."""
        ordered = sorted(self.millis)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(path: str, body: bytes, method: str = "POST", headers: Mapping[str, str] | None = None) -> bytes:
    """Build a request like a browser's, as far as it matters to a server."""
    lines = {"host": "127.0.0.1", "content-type": "text/plain", "content-length": str(len(body))} | dict(headers or {})
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def drive(ports: Sequence[int], connections: Sequence[Requests]) -> Measured:
    """Send each connection's requests one after the other, with all connections in parallel, spread over the
    servers.
    """
    return uvloop.run(_drive(ports, connections))


async def _drive(ports: Sequence[int], connections: Sequence[Requests]) -> Measured:
    measured = Measured()
    senders = [_Sender(ports[number % len(ports)], requests, measured) for number, requests in enumerate(connections)]
    started = time.perf_counter()
    await asyncio.gather(*(sender.run() for sender in senders))
    measured.seconds = time.perf_counter() - started
    return measured


class _Sender:
    """Sends one connection's requests; reconnects if the server closes the connection after each answer."""

    def __init__(self, port: int, requests: Requests, measured: Measured) -> None:
        self._port = port
        self.requests = requests
        self.measured = measured
        self.more = True

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while self.more:
            _, connection = await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self._port)
            await connection.ended


class _Connection(asyncio.Protocol):
    def __init__(self, sender: _Sender) -> None:
        self._sender = sender
        self._buffer = b""
        self._sent = 0.0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send_next()

    def _send_next(self) -> None:
        following = next(self._sender.requests, None)
        if following is None:
            self._sender.more = False
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(following)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(_END_OF_HEAD)
        if not end or len(body) < _length(head):
            return
        measured, answer = self._sender.measured, self._buffer
        self._buffer = b""
        measured.millis.append((time.perf_counter() - self._sent) * 1000)
        if answer[9:10] != b"2":
            measured.failures.append(answer)
        if answer.startswith(b"HTTP/1.0") or b"connection: close" in head.lower():
            self._transport.close()
        else:
            self._send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._buffer or exc:
            self._sender.measured.failures.append(self._buffer or repr(exc).encode())
        self.ended.set_result(None)


def _length(head: bytes) -> int:
    at = head.lower().find(_LENGTH)
    return int(head[at + len(_LENGTH) :].split(b"\r", 1)[0])

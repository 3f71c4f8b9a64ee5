"""The floods of `make attack`. Each runs until it is stopped, and counts the answers."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any, Final
from urllib.parse import urlencode

from tests.flood.ground import EMAIL, SLUG, Ground
from tests.flood.honest import FORM, begun, task_address
from tests.flood.line import Line, ask_once, message

Seen = Counter[int]
Flood = Callable[[Ground, asyncio.Event, Seen], Awaitable[None]]
_START: Final[list[Any]] = [[0, "E", {"v": "1.0"}], [0, "i", "empty", 0, 2166136261]]
_PLAIN: Final = {"content-type": "text/plain"}
_numbers = count(1)


async def _repeated(ground: Ground, stop: asyncio.Event, seen: Seen, request: bytes, lines: int) -> None:
    """The same request over so many connections, again and again."""

    async def ask() -> None:
        while not stop.is_set():
            seen[(await ask_once(ground.port, request)).status] += 1

    await asyncio.gather(*(ask() for _ in range(lines)))


def _from_elsewhere() -> dict[str, str]:
    """As if from a new address: the server trusts a proxy on its own machine."""
    number = next(_numbers)
    return {"x-forwarded-for": f"198.{18 + number // 65_536 % 2}.{number // 256 % 256}.{number % 256}"}


def _batch(ticket: str, seq: int, events: list[Any]) -> bytes:
    body = {"v": 1, "ticket": ticket, "seq": seq, "perf": 1.0, "wall": 1.7e12, "events": events}
    return message("POST", "/api/worker/events", json.dumps(body).encode(), _PLAIN)


async def _log(ground: Ground, seen: Seen, name: str, batches: int, events: list[Any]) -> str:
    """A page load with so many batches of these events; its ticket."""
    ticket = await begun(ground.port, name, _from_elsewhere())
    line = await Line.to(ground.port)
    seen[(await line.ask(_batch(ticket, 0, _START))).status] += 1
    for number in range(batches):
        seen[(await line.ask(_batch(ticket, len(_START) + number * len(events), events))).status] += 1
    await line.close()
    return ticket


async def nothing(_ground: Ground, stop: asyncio.Event, _seen: Seen) -> None:
    """No flood, to compare with: what honest workers wait on this machine anyway."""
    await stop.wait()


async def invented_ids(ground: Ground, stop: asyncio.Event, seen: Seen) -> None:
    """Visitors who never were, each from another address."""

    async def come() -> None:
        while not stop.is_set():
            seen[200 if await begun(ground.port, f"I{next(_numbers)}", _from_elsewhere()) else 429] += 1

    await asyncio.gather(*(come() for _ in range(16)))


async def many_events(ground: Ground, stop: asyncio.Event, seen: Seen) -> None:
    """100,000 events in one page load, and then the page again and again."""
    name = f"E{next(_numbers)}"
    await _log(ground, seen, name, 59, [[1, "e", 0, 0, "x", "insertText", 2]] * 1700)
    await _repeated(ground, stop, seen, message("GET", task_address(name)), 8)


async def hostile_submissions(ground: Ground, stop: asyncio.Event, seen: Seen) -> None:
    """Few bytes that are millions of characters, submitted and so analysed."""
    paste = [1, "e", 0, 0, "x" * 200_000, "insertFromPaste", 2]
    while not stop.is_set():
        ticket = await _log(ground, seen, f"S{next(_numbers)}", 40, [paste])
        body = json.dumps({"v": 1, "ticket": ticket, "text": "three short words"}).encode()
        seen[(await ask_once(ground.port, message("POST", "/api/worker/submission", body, _PLAIN))).status] += 1


async def drafts_of_many(ground: Ground, stop: asyncio.Event, seen: Seen) -> None:
    """Eight sessions of few bytes and millions of characters, whose drafts are asked for again and again."""
    paste = [1, "e", 0, 0, "x" * 200_000, "insertFromPaste", 2]
    tickets = [await _log(ground, seen, f"D{next(_numbers)}", 40, [paste]) for _ in range(8)]
    asked = [json.dumps({"v": 1, "ticket": ticket}).encode() for ticket in tickets]

    async def ask(body: bytes) -> None:
        while not stop.is_set():
            seen[(await ask_once(ground.port, message("POST", "/api/worker/draft", body, _PLAIN))).status] += 1

    await asyncio.gather(*(ask(body) for body in asked))


async def api_reads(ground: Ground, stop: asyncio.Event, seen: Seen) -> None:
    """64 programs that read the list of submissions."""
    path = f"/api/v1/studies/{SLUG}/submissions"
    await _repeated(ground, stop, seen, message("GET", path, headers=ground.token), 64)


async def dashboard_pages(ground: Ground, stop: asyncio.Event, seen: Seen) -> None:
    """60 people who look at the queue."""
    await _repeated(ground, stop, seen, message("GET", f"/studies/{SLUG}/queue", headers=ground.cookie), 60)


async def _held(ground: Ground, stop: asyncio.Event, requests: list[bytes], receive_buffer: int = 0) -> None:
    """Send and then do nothing, over a connection for each."""
    lines = [await Line.to(ground.port, receive_buffer) for _ in requests]
    for line, request in zip(lines, requests, strict=True):
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport reads
        line.writer.write(request)
    await stop.wait()
    for line in lines:
        await line.close()


async def live_streams(ground: Ground, stop: asyncio.Event, _seen: Seen) -> None:
    """60 pages that wait for news."""
    await _held(ground, stop, [message("GET", f"/live?study={SLUG}", headers=ground.cookie)] * 60)


async def stalled_downloads(ground: Ground, stop: asyncio.Event, _seen: Seen) -> None:
    """Downloads of megabytes of which nothing is taken."""
    path = f"/studies/{SLUG}/export/file?table=submissions&format=csv"
    await _held(ground, stop, [message("GET", path, headers=ground.cookie)] * 14, 4096)


async def half_requests(ground: Ground, stop: asyncio.Event, _seen: Seen) -> None:
    """Requests that never end."""
    halves = [
        b"",
        b"GET /sign-in HTTP/1.1\r\nhost: 127.0.0.1\r\n",
        message("POST", "/sign-in", b"email=", FORM, length=1000),
        message("POST", "/api/worker/events", b"{", _PLAIN, length=1000),
        message("POST", "/api/worker/submission", b"{", _PLAIN, length=1000),
    ]
    await _held(ground, stop, halves * 40)


async def large_bodies(ground: Ground, stop: asyncio.Event, seen: Seen) -> None:
    """Files of 20 MB from people who are not signed in, with and without saying how much it will be."""
    form = {"content-type": "multipart/form-data; boundary=x"}
    piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"

    async def send(request: bytes, pieces: int) -> None:
        while not stop.is_set():
            line = await Line.to(ground.port)
            try:
                line.writer.write(request)
                for _ in range(pieces):
                    line.writer.write(piece)
                    await line.writer.drain()
                seen[(await line.ask(b"0\r\n\r\n")).status] += 1
            except OSError:
                seen[0] += 1
            await line.close()

    path = f"/studies/{SLUG}/items"
    chunked = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n".encode()
    declared = message("POST", path, b"", form, length=592_000_000)
    await asyncio.gather(*(send(request, 320) for request in (chunked, declared) for _ in range(4)))


async def wrong_passwords(ground: Ground, stop: asyncio.Event, seen: Seen) -> None:
    """150 at once, each from another address."""

    async def guess() -> None:
        while not stop.is_set():
            form = urlencode({"email": EMAIL, "password": f"wrong {next(_numbers)}"}).encode()
            headers = FORM | {"origin": "http://127.0.0.1:8000"} | _from_elsewhere()
            seen[(await ask_once(ground.port, message("POST", "/sign-in", form, headers))).status] += 1

    await asyncio.gather(*(guess() for _ in range(150)))


FLOODS: Final[list[Flood]] = [
    invented_ids, many_events, hostile_submissions, drafts_of_many, api_reads, dashboard_pages, live_streams,
    stalled_downloads, half_requests, large_bodies, wrong_passwords,
]  # fmt: skip

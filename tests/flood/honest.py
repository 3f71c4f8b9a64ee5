"""Honest workers: each opens the task, consents, and sends a small batch now and then."""

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from tests.flood.ground import SLUG, Ground
from tests.flood.line import Line, ask_once, message

FORM = {"content-type": "application/x-www-form-urlencoded"}
PAUSE_S = 0.1
"""A recorder sends every three seconds; so each of these stands for thirty people."""
_KEY = [[90, "k", "KeyE", "e", 0], [1, "e", 0, 0, "e", "insertText", 2], [60, "u", "KeyE", 0]]


@dataclass
class Honest:
    """Results of honest batches: seconds until each was acknowledged, and those that were not."""

    seconds: list[float] = field(default_factory=list)
    refused: list[tuple[int, bytes]] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Seconds that this share of the batches did not exceed."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass
class Writer:
    """One worker at one page load."""

    ticket: str
    seq: int = 0

    def batch(self) -> bytes:
        """The next batch of ten keystrokes."""
        events = _KEY * 10
        body = {"v": 1, "ticket": self.ticket, "seq": self.seq, "perf": 1.0, "wall": 1.7e12, "events": events}
        self.seq += len(events)
        return message("POST", "/api/worker/events", json.dumps(body).encode(), {"content-type": "text/plain"})


def task_address(name: str) -> str:
    """The link that a marketplace would open for this worker."""
    return f"/task/{SLUG}?{urlencode({'assignmentId': f'A{name}', 'workerId': f'W{name}', 'hitId': 'H'})}"


def ticket_in(page: bytes) -> str:
    """The ticket in the page's form, or nothing."""
    found = re.search(rb'name="ticket" value="([^"]+)"', page)
    return unescape(found[1].decode()) if found else ""


async def begun(port: int, name: str, headers: dict[str, str] | None = None) -> str:
    """The ticket of a worker who has agreed, or nothing if the server did not let them begin."""
    given = headers or {}
    first = await ask_once(port, message("GET", task_address(name), headers=given))
    form = urlencode({"ticket": ticket_in(first.body)}).encode()
    await ask_once(port, message("POST", f"/task/{SLUG}/consent", form, FORM | given))
    return ticket_in((await ask_once(port, message("GET", task_address(name), headers=given))).body)


async def write(ground: Ground, writer: Writer, stop: asyncio.Event, honest: Honest) -> None:
    """Send batches until told to stop, waiting for each answer. A connection that was ended is opened again."""
    line = await Line.to(ground.port)
    while not stop.is_set():
        request, last = writer.batch(), writer.seq - 1
        started = time.perf_counter()
        answer = await line.ask(request)
        if not answer.status:  # as a browser does when its idle connection was ended
            await line.close()
            line = await Line.to(ground.port)
            answer = await line.ask(request)
        honest.seconds.append(time.perf_counter() - started)
        if answer.status != 200 or json.loads(answer.body) != {"committed": last}:
            honest.refused.append((answer.status, answer.body[:200]))
        await asyncio.sleep(PAUSE_S)
    await line.close()

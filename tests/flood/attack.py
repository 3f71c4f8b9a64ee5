"""Run a flood beside honest workers."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from tests.flood.floods import Flood
from tests.flood.ground import Ground
from tests.flood.honest import Honest, Writer, write

_WRITERS = 8
_ENDING_S = 20


@dataclass(frozen=True)
class Result:
    """`statuses` are answers to the flood by status; 0 is a connection that the server ended."""

    honest: Honest
    statuses: Counter[int]


def attack(ground: Ground, flood: Flood, tickets: Sequence[str], seconds: float) -> Result:
    """Eight honest workers go on for so many seconds while the flood goes on."""
    return asyncio.run(_attack(ground, flood, [Writer(ticket) for ticket in tickets[:_WRITERS]], seconds))


async def _attack(ground: Ground, flood: Flood, writers: list[Writer], seconds: float) -> Result:
    stop, flood_stop = asyncio.Event(), asyncio.Event()
    honest, statuses = Honest(), Counter[int]()
    flooding = asyncio.create_task(_tolerant(flood, ground, flood_stop, statuses))
    writing = [asyncio.create_task(write(ground, writer, stop, honest)) for writer in writers]
    for _ in range(10):
        await asyncio.sleep(seconds / 10)
        ground.look_at_memory()
    stop.set()
    await asyncio.gather(*writing)
    flood_stop.set()
    await asyncio.wait([flooding], timeout=_ENDING_S)
    flooding.cancel()
    with suppress(asyncio.CancelledError):
        await flooding
    return Result(honest, statuses)


async def _tolerant(flood: Flood, ground: Ground, stop: asyncio.Event, statuses: Counter[int]) -> None:
    """A connection that the server does not take is its good right."""
    with suppress(OSError):
        await flood(ground, stop, statuses)

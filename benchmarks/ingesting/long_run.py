"""A long run: store many batches in one database, to see whether speed and size stay the same and no batch is lost.

A machine's speed varies over minutes, so after each slice the same number of requests goes to a route that only reads
the body: the ratio tells a slower database from a slower machine.
"""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from statistics import median

from benchmarks.ingesting.batches import Batches, page_loads
from benchmarks.ingesting.comparing import Route
from benchmarks.ingesting.ground import Server, prepare
from benchmarks.ingesting.server import NO_OP
from keytrail.worker.events import PATH

_CONNECTIONS = 64
_STRETCHES = 10
_SLICES = 10


def print_long_run(rows: int) -> None:
    """Send this many batches to one server and print each tenth of the run."""
    each = -(-rows // (_STRETCHES * _SLICES * _CONNECTIONS))
    with tempfile.TemporaryDirectory() as folder:
        ground = prepare(Path(folder), page_loads(_CONNECTIONS, each) * _STRETCHES * _SLICES)
        batches = Batches(ground.tickets)
        file = Path(folder) / "keytrail.sqlite3"
        with ground.server() as server:
            print(
                f"  {rows} batches, {_CONNECTIONS} connections; memory at start {server.resident_mb:.0f} MB",
                flush=True,
            )
            for stretch in range(1, _STRETCHES + 1):
                row = _stretch(server, batches, each)
                print(
                    f"  to {stretch * _SLICES * each * _CONNECTIONS:8d}: {row}   memory {server.resident_mb:4.0f} MB   "
                    f"database {file.stat().st_size / 1e6:6.1f} MB",
                    flush=True,
                )
        print(
            f"  stored at the end: {_stored(file)} of {_STRETCHES * _SLICES * each * _CONNECTIONS} batches", flush=True
        )


def _stretch(server: Server, batches: Batches, each: int) -> str:
    """Return medians of the slices; p99 of the worst slice."""
    bare, ingest = Route("no-op, bare", NO_OP), Route("ingest", PATH)
    for _ in range(_SLICES):
        for route in (bare, ingest):
            route.run([server], batches, _CONNECTIONS, each)
    rate = median(ours / other for ours, other in zip(ingest.per_second, bare.per_second, strict=True))
    cpu = median(other / ours for ours, other in zip(ingest.cpu, bare.cpu, strict=True))
    return (
        f"{median(ingest.per_second):6.0f}/s, {rate:.2f} of a bare no-op, by CPU time {cpu:.2f}   "
        f"p50 {median(ingest.middle):5.1f}   p99 {median(ingest.slowest):5.1f} (worst {max(ingest.slowest):5.1f}) ms   "
        f"CPU {median(ingest.cpu):4.0f} us" + (f"   FAILED {ingest.failures}" if ingest.failures else "")
    )


def _stored(file: Path) -> int:
    with closing(sqlite3.connect(file)) as db:
        return int(db.execute("SELECT count(*) FROM event_batches").fetchone()[0])

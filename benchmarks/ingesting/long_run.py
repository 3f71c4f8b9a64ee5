"""Many batches into one database: whether it stays as fast and as small, and whether all are there at the end."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from app.worker.events import PATH
from benchmarks.ingesting.batches import Batches, page_loads
from benchmarks.ingesting.client import drive
from benchmarks.ingesting.ground import prepare

_CONNECTIONS = 64
_STRETCHES = 10


def print_long_run(rows: int) -> None:
    """Send that many batches to one server and print each tenth of the way."""
    each = -(-rows // (_STRETCHES * _CONNECTIONS))
    with tempfile.TemporaryDirectory() as folder:
        ground = prepare(Path(folder), page_loads(_CONNECTIONS, each) * _STRETCHES)
        batches = Batches(ground.tickets)
        file = Path(folder) / "keytrail.sqlite3"
        with ground.server() as server:
            print(
                f"  {rows} batches, {_CONNECTIONS} connections; memory at start {server.resident_mb:.0f} MB",
                flush=True,
            )
            for stretch in range(1, _STRETCHES + 1):
                before = server.cpu_seconds
                measured = drive([server.port], batches.connections(PATH, _CONNECTIONS, each))
                print(
                    f"  to {stretch * each * _CONNECTIONS:8d}: {measured.per_second:6.0f}/s   "
                    f"p50 {measured.percentile(0.5):5.1f}   p99 {measured.percentile(0.99):6.1f}   "
                    f"max {max(measured.millis):6.1f} ms   "
                    f"CPU {(server.cpu_seconds - before) / len(measured.millis) * 1e6:4.0f} us   "
                    f"memory {server.resident_mb:4.0f} MB   database {file.stat().st_size / 1e6:6.1f} MB"
                    + (f"   FAILED {len(measured.failures)}" if measured.failures else ""),
                    flush=True,
                )
        print(f"  stored at the end: {_stored(file)} of {_STRETCHES * each * _CONNECTIONS} batches", flush=True)


def _stored(file: Path) -> int:
    with closing(sqlite3.connect(file)) as db:
        return int(db.execute("SELECT count(*) FROM event_batches").fetchone()[0])

"""Measure the bytes of a keystroke: on the wire, in a body and in the whole database."""

import json
import tempfile
import zlib
from collections.abc import Iterator
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path
from random import Random

from benchmarks.ingesting.ground import prepare
from benchmarks.ingesting.sessions import Batch, batches, keystrokes, sessions
from keytrail.clock import utc_now
from keytrail.db import Database, to_millis
from keytrail.keyring import load_keyring
from keytrail.sessions import eventlog

_SESSIONS = 64
_DISTINCT = 16
_KEYS = 1000


def print_bytes(flush_ms: int) -> None:
    """Store sessions of 1,000 keystrokes as the recorder sends them and print their bytes."""
    written = sessions(_DISTINCT, _KEYS)
    cut = [list(batches(events, flush_ms)) for events in written]
    keys = sum(map(keystrokes, written))
    every = [batch for session in cut for batch in session]
    raw = sum(len(json.dumps(batch.events, separators=(",", ":"))) for batch in every)
    gzipped = sum(len(zlib.compress(json.dumps(events, separators=(",", ":")).encode())) for events in written)
    body = sum(len(eventlog.Batch.from_events(batch.first_seq, batch.events).body) for batch in every)
    stored = stored_bytes([cut[number % _DISTINCT] for number in range(_SESSIONS)])
    whole = stored / keys * _DISTINCT / _SESSIONS
    print(
        f"  flushed every {flush_ms / 1000:.0f} s ({keys / len(every):.1f} keystrokes a batch): "
        f"{raw / keys:.1f} as JSON, {gzipped / keys:.1f} if a whole session is deflated, "
        f"{body / keys:.1f} in the log, {whole:.1f} with rows, clocks, hashes and index"
    )


def stored_bytes(cut: list[list[Batch]]) -> int:
    """Return an SQLite database's growth in bytes when these sessions are stored.

    A batch arrives by its events' times, after at most 0.3 s. Each page's clock is up to 5 s early or late.
    """
    with tempfile.TemporaryDirectory() as folder:
        ground = prepare(Path(folder), len(cut))
        database, chain = Database(ground.settings.database), eventlog.Chain(load_keyring(ground.settings))
        before = _size(database)
        logs = [list(_appends(number, session)) for number, session in enumerate(cut, start=1)]
        for together in zip_longest(*logs):
            with database.appending() as connection:
                eventlog.append_all(connection, [append for append in together if append is not None], chain)
        grown = _size(database) - before
        database.close()
        return grown


def _appends(session_id: int, session: list[Batch]) -> Iterator[eventlog.Append]:
    random = Random(session_id)
    opened = utc_now()
    late_ms = random.randint(-5000, 5000)
    perf_ms = 0
    for batch in session:
        perf_ms += sum(event[0] for event in batch.events)
        sent = opened + timedelta(milliseconds=perf_ms)
        body = eventlog.Batch.from_events(batch.first_seq, batch.events, perf_ms, to_millis(sent) - late_ms)
        yield eventlog.Append(session_id, 0, body, sent + timedelta(milliseconds=random.randint(20, 300)))


def _size(database: Database) -> int:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())

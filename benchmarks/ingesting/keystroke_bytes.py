"""Measure the bytes of a keystroke: on the wire, in a body and in the whole database."""

import json
import tempfile
import zlib
from pathlib import Path

from benchmarks.ingesting.ground import prepare
from benchmarks.ingesting.sessions import Batch, batches, keystrokes, sessions
from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.keyring import load_keyring
from keytrail.sessions import eventlog

_SESSIONS = 64
_DISTINCT = 16
_KEYS = 1000
_STARTED = 1_767_225_600_000


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
    """Return an SQLite database's growth in bytes when these sessions are stored."""
    with tempfile.TemporaryDirectory() as folder:
        ground = prepare(Path(folder), len(cut))
        database, chain = Database(ground.settings.database), eventlog.Chain(load_keyring(ground.settings))
        before = _size(database)
        for place in range(max(map(len, cut))):
            clock = _STARTED + 2000 * place
            appends = [
                eventlog.Append(
                    number,
                    0,
                    eventlog.Batch.from_events(
                        session[place].first_seq, session[place].events, 1000.0 + 2000 * place, clock
                    ),
                    utc_now(),
                )
                for number, session in enumerate(cut, start=1)
                if place < len(session)
            ]
            with database.appending() as connection:
                eventlog.append_all(connection, appends, chain)
        grown = _size(database) - before
        database.close()
        return grown


def _size(database: Database) -> int:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())

"""What partitions would cost and save on PostgreSQL (docs/decisions/0021-no-partitions.md).

Prints, for one table and for two ways of partitioning it by month, the processor time of the database's process.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.ingesting.postgres import postgres

MONTHS, EPOCHS, BATCHES, TOGETHER = 24, 1000, 6, 64
READS = 2000
_COLUMNS = """
epoch_id integer NOT NULL REFERENCES epochs (id) ON DELETE CASCADE, first_seq integer NOT NULL,
count integer NOT NULL, body bytea NOT NULL, perf_ms double precision NOT NULL, wall_ms bigint NOT NULL,
received_at bigint NOT NULL, place integer NOT NULL, link bytea NOT NULL"""
_KINDS = {
    "one table": ("epoch_id, first_seq", ""),
    "by ranges of page loads": ("epoch_id, first_seq", "epoch_id"),
    "by month of arrival": ("epoch_id, first_seq, received_at", "received_at"),
}
_SIZE = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname LIKE 'log%' AND relkind = 'r'"


def main() -> None:
    """Print the figures."""
    with postgres() as url, psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as db:
        db.execute("CREATE TABLE epochs (id integer PRIMARY KEY)")
        db.execute(f"INSERT INTO epochs SELECT generate_series(0, {MONTHS * EPOCHS - 1})".encode())
        for kind, (key, by) in _KINDS.items():
            print(kind)
            measure(db, key, by)


def measure(db: psycopg.Connection[Any], key: str, by: str) -> None:
    """Fill a table, read from it, and remove its first month."""
    create(db, key, by)
    began, stored = processor_s(db), 0
    for group in rows():
        with db.transaction():
            db.cursor().executemany("INSERT INTO log VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)", group)
        stored += len(group)
    print(f"  a batch stored          {1e6 * (processor_s(db) - began) / stored:8.1f} µs")
    db.execute("VACUUM ANALYZE log")
    began, chance = processor_s(db), random.Random(1)
    for _ in range(READS):
        epoch = chance.randrange(MONTHS * EPOCHS)
        db.execute("SELECT * FROM log WHERE epoch_id = %s ORDER BY first_seq", (epoch,)).fetchall()
    print(f"  a page load's log read  {1e6 * (processor_s(db) - began) / READS:8.0f} µs")
    print(f"  bytes a batch           {float(value(db, _SIZE)) / stored:8.0f}")
    began, before = processor_s(db), value(db, "SELECT pg_current_wal_lsn()")
    remove_first_month(db, partitioned=bool(by))
    written = float(value(db, f"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '{before}')"))
    print(f"  a month removed         {1e3 * (processor_s(db) - began):8.0f} ms, {written / 1e6:.1f} MB written ahead")


def create(db: psycopg.Connection[Any], key: str, by: str) -> None:
    """Create the table anew; page loads are numbered by month, and arrive at a thousand times the month's number."""
    db.execute("DROP TABLE IF EXISTS log CASCADE")
    partitioned = f" PARTITION BY RANGE ({by})" if by else ""
    db.execute(f"CREATE TABLE log ({_COLUMNS}, PRIMARY KEY ({key})){partitioned}".encode())
    if by:
        for month in range(MONTHS):
            bounds = f"FROM ({month * EPOCHS}) TO ({(month + 1) * EPOCHS})"
            db.execute(f"CREATE TABLE log_{month} PARTITION OF log FOR VALUES {bounds}".encode())
        db.execute("CREATE TABLE log_rest PARTITION OF log DEFAULT")


def rows() -> Iterator[list[tuple[Any, ...]]]:
    """Yield groups of rows as they would arrive."""
    body, link = os.urandom(330), os.urandom(16)
    for month in range(MONTHS):
        for place in range(BATCHES):
            for start in range(month * EPOCHS, (month + 1) * EPOCHS, TOGETHER):
                epochs = range(start, min(start + TOGETHER, (month + 1) * EPOCHS))
                arrived = month * EPOCHS + place
                yield [(epoch, place * 50, 50, body, 1.0, 1, arrived, place, link) for epoch in epochs]


def remove_first_month(db: psycopg.Connection[Any], *, partitioned: bool) -> None:
    """Drop it, or delete it in ten steps."""
    if partitioned:
        db.execute("DROP TABLE log_0")
        return
    for first in range(0, EPOCHS, EPOCHS // 10):
        db.execute("DELETE FROM log WHERE epoch_id >= %s AND epoch_id < %s", (first, first + EPOCHS // 10))
    db.execute("VACUUM log")


def value(db: psycopg.Connection[Any], query: str) -> Any:
    """Return the only value of a query's only row."""
    found = db.execute(query.encode()).fetchone()
    return found[0] if found else None


def processor_s(db: psycopg.Connection[Any]) -> float:
    """Return the processor time of the connection's server process so far (Linux)."""
    fields = Path(f"/proc/{db.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()

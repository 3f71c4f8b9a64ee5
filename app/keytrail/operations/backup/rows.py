"""Rows of every table as JSON, for reading and writing."""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    Table,
    bindparam,
    func,
    insert,
    select,
    text,
)

from keytrail.db import UtcDateTime, UtcMillis
from keytrail.models import Base

AT_A_TIME: Final = 1000
Row = Sequence[Any]


def tables() -> Sequence[Table]:
    """Return every table, each after those that it refers to."""
    return Base.metadata.sorted_tables


@contextmanager
def moment_of(engine: Engine) -> Iterator[Connection]:
    """Open a connection that sees one moment of the database, whatever is written meanwhile. It blocks no writer."""
    with engine.connect() as plain:
        connection = plain
        if engine.dialect.name == "postgresql":
            connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


def rows_of(db: Connection, table: Table) -> Iterator[Row]:
    """Yield every row as JSON in the order of the primary key."""
    writers = [_writer(column) for column in table.columns]
    found = db.execution_options(yield_per=AT_A_TIME).execute(select(table).order_by(*table.primary_key.columns))
    for row in found:
        yield [None if value is None else write(value) for write, value in zip(writers, row, strict=True)]


def store_rows(db: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows from `rows_of` into an empty table."""
    columns = list(table.columns)
    readers = [_reader(column) for column in columns]
    # A missing value of a JSON column is SQL's NULL, not JSON's null.
    types = {
        column.name: JSON(none_as_null=True) if isinstance(column.type, JSON) else column.type for column in columns
    }
    statement = insert(table).values({name: bindparam(name, type_=kind) for name, kind in types.items()})
    values = [
        {
            column.name: None if value is None else read(value)
            for column, read, value in zip(columns, readers, row, strict=True)
        }
        for row in rows
    ]
    if values:
        db.execute(statement, values)


def last_ids(db: Connection) -> dict[str, int]:
    """Return the highest id that each table ever used, erased rows included. Such an id must not be used again."""
    if db.dialect.name == "sqlite":
        return {name: int(last) for name, last in db.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    found = {}
    for table, column in _numbered():
        sequence = db.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
        last = db.scalar(text(f"SELECT last_value FROM {sequence} WHERE is_called"))
        if last is not None:
            found[table.name] = int(last)
    return found


def set_last_ids(db: Connection, known: Mapping[str, int]) -> None:
    """Continue after the highest id that is stored or was used before."""
    for table, column in _numbered():
        last = max(known.get(table.name, 0), db.scalar(select(func.max(column))) or 0)
        if not last:
            continue
        if db.dialect.name == "postgresql":
            db.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), last)))
        elif table.dialect_options["sqlite"]["autoincrement"]:
            db.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
            row = {"name": table.name, "last": last}
            db.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), row)


def _numbered() -> Iterator[tuple[Table, Column[Any]]]:
    for table in tables():
        column = table.autoincrement_column
        if column is not None and isinstance(column.type, Integer | BigInteger):
            yield table, column


def _writer(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, UtcDateTime | UtcMillis):
        return datetime.isoformat
    if isinstance(column.type, LargeBinary):
        return lambda value: base64.b64encode(value).decode()
    return lambda value: value


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, UtcDateTime | UtcMillis):
        return datetime.fromisoformat
    if isinstance(column.type, LargeBinary):
        return base64.b64decode
    return lambda value: value

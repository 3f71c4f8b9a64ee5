"""Every table of the sandbox marketplace. Times are UTC, money is whole cents."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, MetaData, String, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA_VERSION = 1


class Instant(TypeDecorator[datetime]):
    """A moment, stored as whole milliseconds since 1970 so that comparing and sorting are those of integers."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - their signature
        """Called by SQLAlchemy on the way in."""
        return None if value is None else round(value.timestamp() * 1000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        """Called by SQLAlchemy on the way out."""
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


class Base(DeclarativeBase):
    """The sandbox's own metadata: nothing of Keytrail's tables is in it."""

    metadata = MetaData()
    type_annotation_map: ClassVar = {datetime: Instant, dict[str, Any]: JSON, list[dict[str, Any]]: JSON}


class SchemaVersion(Base):
    """One row: the version of the schema that made this file."""

    __tablename__ = "schema_version"
    version: Mapped[int] = mapped_column(primary_key=True)


class Trial(Base):
    """One load of the quick frame: an assignment that belongs to no HIT and to a worker who signed up nowhere."""

    __tablename__ = "trials"
    assignment_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    slug: Mapped[str] = mapped_column(String(100))
    worker_id: Mapped[str] = mapped_column(String(64))
    hit_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)

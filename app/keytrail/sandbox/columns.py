"""Column types of the sandbox's tables."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, MetaData, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase


def storable(moment: datetime) -> datetime:
    """Round a time as the tables store it, so that a response equals what is read later."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class Instant(TypeDecorator[datetime]):
    """A time, stored as whole milliseconds since 1970 so that comparing and sorting are those of integers."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - their signature
        """Convert for storage."""
        return None if value is None else round(value.timestamp() * 1000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        """Convert after reading."""
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


Json = dict[str, Any]


class Base(DeclarativeBase):
    """The sandbox's own metadata, without any of Keytrail's tables."""

    metadata = MetaData()
    type_annotation_map: ClassVar = {datetime: Instant, Json: JSON, list[Json]: JSON}

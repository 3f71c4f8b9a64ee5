"""The sandbox's clock."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the current time; only this function reads the system's clock."""
    return datetime.now(UTC)

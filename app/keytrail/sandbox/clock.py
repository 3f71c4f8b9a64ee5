from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time now; the only place in the sandbox that reads the system's clock."""
    return datetime.now(UTC)

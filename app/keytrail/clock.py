"""The time, as a server and commands that are not under test take it."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)

"""One call of an operation, with helpers that parse and check its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.utils import parse_to_aware_datetime
from sqlalchemy.orm import Session

from keytrail.sandbox.config import FeeRates
from keytrail.sandbox.market.account import require_funds
from keytrail.sandbox.market.faults import invalid

Parameters = Mapping[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call of an operation: its unit of work, time, id, and the marketplace's configuration."""

    db: Session
    now: datetime
    request_id: str
    rates: FeeRates
    public_origin: str

    def require_funds(self) -> None:
        """Raises InsufficientFunds if the call overdraws the account."""
        require_funds(self.db, self.now, self.rates)


def instant(value: Any) -> datetime:
    """Parse a timestamp of a request: seconds since 1970, or a string. Raises ParameterValidationError."""
    try:
        moment: datetime = parse_to_aware_datetime(value)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise invalid(f"{value!r} is not a time.") from error


def within(name: str, value: int, least: int, most: int) -> int:
    """Return the value if it is in range. Raises ParameterValidationError."""
    if not least <= value <= most:
        raise invalid(f"{name} must be between {least} and {most}; it is {value}.")
    return value


def short(name: str, value: str, most: int, least: int = 0) -> str:
    """Return the text if its length is in range. Raises ParameterValidationError."""
    if not least <= len(value) <= most:
        raise invalid(f"{name} must have between {least} and {most} characters; it has {len(value)}.")
    return value

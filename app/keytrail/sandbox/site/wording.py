"""Format times, durations and requirements in words."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from keytrail.sandbox.market.eligibility import LOCALE, Requirement

_COMPARATORS: Mapping[str, str] = {
    "LessThan": "is less than",
    "LessThanOrEqualTo": "is at most",
    "GreaterThan": "is more than",
    "GreaterThanOrEqualTo": "is at least",
    "EqualTo": "is",
    "NotEqualTo": "is not",
    "In": "is one of",
    "NotIn": "is none of",
}
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def clock_time(moment: datetime) -> str:
    """Format a time for people: "2 Mar 2026, 09:00 UTC"."""
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def span(length: timedelta) -> str:
    """Format a duration in its two largest units: "1 hour 5 minutes"."""
    left = max(int(length.total_seconds()), 0)
    parts = []
    for name, seconds in _UNITS:
        number, left = divmod(left, seconds)
        if number:
            parts.append(f"{number} {name}{'s' if number > 1 else ''}")
    return " ".join(parts[:2]) or "no time"


def in_words(requirement: Requirement, names: Mapping[str, str]) -> str:
    """Describe a requirement for workers: "HIT approval rate (%) is at least 95"."""
    type_id: str = requirement["QualificationTypeId"]
    comparator: str = requirement["Comparator"]
    name = names.get(type_id, "A qualification that no longer exists")
    if comparator == "Exists":
        return f"{name} has been granted"
    if comparator == "DoesNotExist":
        return f"{name} has not been granted"
    values = requirement.get("LocaleValues", ()) if type_id == LOCALE else requirement.get("IntegerValues", ())
    listed = ", ".join(_place(value) if type_id == LOCALE else str(value) for value in values)
    return f"{name} {_COMPARATORS[comparator]} {listed}"


def _place(value: Mapping[str, str]) -> str:
    return "-".join(filter(None, [value["Country"], value.get("Subdivision")]))

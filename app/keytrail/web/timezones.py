"""The reader's time zone, which the browser sends in a cookie (static/dashboard/times.js)."""

import re
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Depends, Request

ZONE_COOKIE = "keytrail_zone"
_NAME = re.compile(r"[A-Za-z0-9_+\-]{1,32}(/[A-Za-z0-9_+\-]{1,32}){0,2}")


@dataclass(frozen=True)
class Zone:
    """A zone with its IANA name, for example Europe/Lisbon."""

    name: str
    info: tzinfo


def zone_of(name: str) -> Zone:
    """Return the zone of this name; UTC for an unknown name."""
    if _NAME.fullmatch(name) and name != "UTC":
        try:
            return Zone(name, ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    return Zone("UTC", UTC)


def _readers(request: Request) -> Zone:
    return zone_of(request.cookies.get(ZONE_COOKIE, ""))


CurrentZone = Annotated[Zone, Depends(_readers)]

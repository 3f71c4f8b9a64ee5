"""Configuration of the sandbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from keytrail.errors import BadSettings


@dataclass(frozen=True)
class FeeRates:
    """The marketplace's fees on top of workers' pay.

    MTurk charges 20 % of rewards and bonuses, and 20 % more of rewards of HITs with ten or more assignments; at least
    one cent each (https://requester.mturk.com/pricing).
    """

    share: Decimal = Decimal("0.20")
    large_share: Decimal = Decimal("0.20")
    large_from: int = 10
    minimum_cents: int = 1


@dataclass(frozen=True)
class SandboxConfig:
    """Configuration of the sandbox marketplace.

    `public_origin` is where browsers reach it, and so what tasks receive as `turkSubmitTo`. `try_urls` maps a short
    name to a task's address for `/try/{name}`, a frame that needs no account. `access_key` and `secret_key` are the
    requester's credentials; without them the requester API refuses everything. `deposit` is the account's opening
    balance in dollars; no real money exists here. With a `sign_up_code`, signing up as a worker requires it.

    `content_origin` is a second host name of the same server, for pages of requesters (HTMLQuestion), so that they have
    an origin other than the marketplace's. None means `content.localhost` beside `localhost`; elsewhere, as with "",
    such pages run in a frame without an origin.
    """

    database: Path
    public_origin: str
    access_key: str = ""
    secret_key: str = field(default="", repr=False)
    try_urls: Mapping[str, str] = field(default_factory=dict)
    fees: FeeRates = field(default_factory=FeeRates)
    deposit: Decimal = Decimal("10000.00")
    requester_name: str = "Keytrail"
    sign_up_code: str = field(default="", repr=False)
    content_origin: str | None = None

    def __post_init__(self) -> None:
        _require_origin("public origin", self.public_origin)
        if self.content_origin:
            _require_origin("content origin", self.content_origin)
            if urlsplit(self.content_origin).hostname == urlsplit(self.public_origin).hostname:
                raise BadSettings(
                    "The sandbox's content origin needs a host name of its own: another port shares the cookies."
                )

    @property
    def content(self) -> str | None:
        """The origin of requesters' pages; None without one."""
        if self.content_origin is not None:
            return self.content_origin or None
        parts = urlsplit(self.public_origin)
        return f"{parts.scheme}://content.{parts.netloc}" if parts.hostname == "localhost" else None


def _require_origin(name: str, value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or value != f"{parts.scheme}://{parts.netloc}":
        raise BadSettings(
            f"The sandbox's {name} must look like http://localhost:8001, without a path; it is {value!r}."
        )

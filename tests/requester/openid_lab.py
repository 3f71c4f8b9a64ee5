"""Keytrail with an OpenID provider of our own that checks each request (tests/users/openid_provider)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from httpx2 import Response
from sqlalchemy import select

from keytrail.models import AuditEntry, User
from keytrail.settings import Settings
from tests.conftest import FakeClock
from tests.requester.night_study import night_study
from tests.requester.site import ORIGIN, Site, Visitor
from tests.users.openid_provider import CLIENT_ID, CLIENT_SECRET, Provider, openid_provider

INES = {"email": "ines@example.edu", "email_verified": True, "name": "Ines", "groups": ["staff", "night"]}


@dataclass
class Lab:
    """Keytrail with a provider."""

    site: Site
    provider: Provider

    def go(self, visitor: Visitor, wanted: str = "/") -> str:
        """Begin at Keytrail, sign in at the provider; the address that the browser is sent back to."""
        began = visitor.client.get("/sign-in/openid", params={"wanted": wanted})
        assert began.status_code == 303, began.text
        back = httpx2.get(began.headers["location"] + "&signed-in=1")
        assert back.status_code == 302, back.text
        return str(back.headers["location"]).removeprefix(ORIGIN)

    def sign_in(self, visitor: Visitor | None = None, wanted: str = "/") -> Response:
        visitor = visitor or self.site.visitor()
        return visitor.get(self.go(visitor, wanted))

    def account(self, email: str = "ines@example.edu") -> User:
        with self.site.database.reading() as db:
            return db.scalars(select(User).where(User.email == email)).one()

    def audit(self) -> list[str]:
        with self.site.database.reading() as db:
            return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


@pytest.fixture
def provider(clock: FakeClock) -> Iterator[Provider]:
    with openid_provider(f"{ORIGIN}/sign-in/openid/answer", lambda: clock().timestamp()) as found:
        found.claims = dict(INES)
        yield found


MakeLab = Callable[..., Lab]


@pytest.fixture
def make_lab(
    make_settings: Callable[..., Settings], database_url: str, clock: FakeClock, provider: Provider
) -> Iterator[MakeLab]:
    sites: list[Site] = []

    def make(**changed: Any) -> Lab:
        values: dict[str, Any] = {
            "database_url": database_url,
            "oidc_issuer": provider.issuer,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": CLIENT_SECRET,
            "oidc_name": "Lab login",
            "sign_in_claims": "groups=staff",
        }
        sites.append(night_study(make_settings(**(values | changed)), clock))
        return Lab(sites[-1], provider)

    yield make
    for site in sites:
        site.database.close()


@pytest.fixture
def lab(make_lab: MakeLab) -> Lab:
    return make_lab()

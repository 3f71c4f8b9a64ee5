"""What browsers are told about cookies, and what that is good for."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from keytrail.models import User
from keytrail.requester.people.access import COOKIE
from keytrail.requester.people.openid import PENDING_COOKIE
from keytrail.settings import Settings
from keytrail.users.hashing import hash_password
from tests.conftest import FakeClock
from tests.requester.night_study import night_study
from tests.requester.openid_lab import MakeLab, make_lab, provider
from tests.requester.site import Site

__all__ = ["make_lab", "provider"]

PUBLIC = "https://keytrail.test"
PASSWORD = "a long password"
BOUND = {"path=/", "httponly", "samesite=lax", "secure"}


@pytest.fixture
def secure(make_settings: Callable[..., Settings], sqlite_database_url: str, clock: FakeClock) -> Iterator[Site]:
    found = night_study(make_settings(database_url=sqlite_database_url, public_url=PUBLIC), clock)
    with found.database.writing() as db:
        db.get_one(User, found.people["olivia"]).password_hash = hash_password(PASSWORD).value
    yield found
    found.database.close()


def browser(site: Site) -> TestClient:
    return TestClient(site.app, base_url=PUBLIC, follow_redirects=False, headers={"origin": PUBLIC})


def told(cookies: list[str]) -> dict[str, set[str]]:
    """The attributes of each cookie by its name, without their times."""
    found = {}
    for cookie in cookies:
        pair, *attributes = cookie.lower().split("; ")
        kept = {one for one in attributes if not one.startswith(("max-age", "expires"))}
        found[pair.partition("=")[0]] = kept
    return found


def test_over_https_they_are_bound_to_this_host(secure: Site) -> None:
    client = browser(secure)
    answer = client.post("/sign-in", data={"email": "olivia@example.org", "password": PASSWORD})
    assert told(answer.headers.get_list("set-cookie")) == {"__host-keytrail": BOUND, "__host-keytrail_device": BOUND}
    assert client.get("/account").status_code == 200
    gone = client.post("/sign-out")
    assert told(gone.headers.get_list("set-cookie")) == {"__host-keytrail": BOUND}
    assert client.get("/account").status_code == 303


def test_one_that_a_neighbouring_host_may_have_set_signs_nobody_in(secure: Site) -> None:
    client = browser(secure)
    client.cookies.set(COOKIE, secure.cookie("olivia"))
    assert client.get("/account").status_code == 303
    client.cookies.set(f"__Host-{COOKIE}", secure.cookie("olivia"))
    assert client.get("/account").status_code == 200


def test_nobody_is_signed_in_as_somebody_else_by_a_sign_in_that_a_neighbour_began(make_lab: MakeLab) -> None:
    lab = make_lab(public_url=PUBLIC)
    attacker, victim = browser(lab.site), browser(lab.site)
    began = attacker.get("/sign-in/openid")
    pending = attacker.cookies[f"__Host-{PENDING_COOKIE}"]
    state = began.headers["location"].partition("state=")[2].partition("&")[0]
    victim.cookies.set(PENDING_COOKIE, pending)  # by a page of a host beside this one
    assert victim.get("/sign-in/openid/answer", params={"code": "x", "state": state}).status_code == 400
    # In the browser that began, the same answer reaches the provider, which does not know the code.
    assert attacker.get("/sign-in/openid/answer", params={"code": "x", "state": state}).status_code == 401

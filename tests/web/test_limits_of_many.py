"""Limits hold over all processes: two applications on one database share nothing else."""

from collections.abc import Callable, Iterator
from itertools import cycle

import pytest
from fastapi.testclient import TestClient

from keytrail.main import create_app
from keytrail.requester.people.openid import PENDING_COOKIE
from keytrail.settings import Settings
from keytrail.users.accounts import add_user
from keytrail.users.hashing import NO_PASSWORD
from keytrail.users.openid import PendingSignIn, seal_pending
from tests.conftest import FakeClock

EMAIL = "a@example.org"


@pytest.fixture
def processes(
    make_settings: Callable[..., Settings], database_url: str, clock: FakeClock
) -> Iterator[Iterator[TestClient]]:
    """Two in turn, as a proxy without stickiness chooses them."""
    settings = make_settings(
        database_url=database_url,
        secret_key="k" * 40,
        smtp_host="mail.example",
        mail_from="keytrail@example.org",
        oidc_issuer="http://127.0.0.1:9",
        oidc_client_id="keytrail",
        sign_in_claims="*",
    )
    apps = [create_app(settings, clock=clock) for _ in range(2)]
    with apps[0].state.services.database.writing() as db:
        add_user(db, EMAIL, "A", NO_PASSWORD, clock())
    yield cycle([TestClient(app, base_url="http://keytrail.test", follow_redirects=False) for app in apps])
    for app in apps:
        app.state.services.database.close()


def test_of_wrong_passwords(processes: Iterator[TestClient]) -> None:
    form = {"email": EMAIL, "password": "a wrong password"}
    assert [next(processes).post("/sign-in", data=form).status_code for _ in range(7)] == [401] * 5 + [429] * 2


def test_of_forgotten_passwords(processes: Iterator[TestClient]) -> None:
    answers = [next(processes).post("/forgotten-password", data={"email": EMAIL}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 2


def test_of_answers_from_a_provider(processes: Iterator[TestClient], clock: FakeClock) -> None:
    pending = PendingSignIn.fresh("/")
    statuses = []
    for _ in range(32):
        client = next(processes)
        keyring = client.app.state.services.keyring  # type: ignore[attr-defined]  # TestClient's app is any
        client.cookies.set(PENDING_COOKIE, seal_pending(keyring, pending, clock()))
        answer = client.get("/sign-in/openid/answer", params={"state": pending.state, "error": "access_denied"})
        statuses.append(answer.status_code)
    assert statuses == [401] * 30 + [429] * 2

"""Forwarded headers count from the proxies that the settings name; from others they are logged once."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from keytrail.errors import BadSettings
from keytrail.models import SignInCount
from keytrail.settings import Settings, load_settings
from keytrail.users.throttle import limits_for
from keytrail.web.forwarded import ForwardedHeaders
from tests.conftest import FakeClock
from tests.requester.night_study import night_study

ORIGIN = "https://lab.example"
FOR = {"x-forwarded-for": "203.0.113.5"}


def ask(peers: Sequence[str], headers: dict[str, str], trusted: str = "10.0.0.1") -> list[str]:
    """What addresses the application sees if these peers ask a server that trusts these proxies."""
    found: list[str] = []

    async def note(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(scope["client"][0])
        await PlainTextResponse("")(scope, receive, send)

    app = ForwardedHeaders(note, Settings.model_validate({"trusted_proxies": trusted}))

    async def once(peer: str) -> None:
        async def nothing(_message: object = None) -> dict[str, object]:
            return {"type": "http.request"}

        listed = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": "GET", "path": "/", "headers": listed, "client": (peer, 5000)}
        await app(scope, nothing, nothing)  # type: ignore[arg-type]  # nobody listens

    for peer in peers:
        asyncio.run(once(peer))
    return found


def warnings(
    caplog: pytest.LogCaptureFixture, peers: Sequence[str], headers: dict[str, str], trusted: str = "10.0.0.1"
) -> list[str]:
    """What is logged then."""
    caplog.clear()
    ask(peers, headers, trusted)
    return [record.getMessage() for record in caplog.records]


def test_an_unknown_proxy_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    first, second = warnings(caplog, ["10.0.0.2", "10.0.0.2", "10.0.0.3", "10.0.0.2"], FOR)
    assert "from 10.0.0.2 is ignored" in first
    assert "KEYTRAIL_TRUSTED_PROXIES" in first
    assert "from 10.0.0.3 is ignored" in second


def test_a_trusted_proxy_and_a_plain_visitor_are_not(caplog: pytest.LogCaptureFixture) -> None:
    assert warnings(caplog, ["10.0.0.1", "::ffff:10.0.0.1"], FOR) == []
    assert warnings(caplog, ["10.0.0.1"], {"x-forwarded-proto": "https"}) == []
    assert warnings(caplog, ["10.0.0.2"], {}) == []
    assert warnings(caplog, ["10.0.0.2"], FOR, trusted="*") == []


@pytest.mark.parametrize(
    "headers", [{"x-forwarded-for": "10.0.0.21"}, {"x-forwarded-proto": "https"}, {"forwarded": "for=a"}]
)
def test_every_forwarded_header_that_is_ignored_is_named(
    caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    """Also if the visitor's address begins with the proxy's."""
    (line,) = warnings(caplog, ["10.0.0.2"], headers)
    assert line.lower().startswith(next(iter(headers)))
    assert "from 10.0.0.2 is ignored" in line


def test_a_proxy_that_sends_only_what_is_not_read_is_told_so(caplog: pytest.LogCaptureFixture) -> None:
    (line,) = warnings(caplog, ["10.0.0.1", "10.0.0.1"], {"forwarded": "for=203.0.113.5"})
    assert "let this proxy send X-Forwarded-For" in line
    assert warnings(caplog, ["10.0.0.1"], {"forwarded": "for=203.0.113.5", "x-forwarded-for": "203.0.113.5"}) == []


def test_an_ipv4_address_is_one_address_on_an_ipv6_socket() -> None:
    peers = ["::ffff:10.0.0.2", "10.0.0.2", "2001:db8::1", "::1", "fe80::1%eth0", "testclient"]
    assert ask(peers, {}) == ["10.0.0.2", "10.0.0.2", *peers[2:]]


@pytest.mark.parametrize("wrong", ["proxy.local", "10.0.0.1/8", "10.0.0.0/33", "127.0.0.1,::1"])
def test_what_is_no_address_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    """It would be trusted by nobody, and nobody would be told."""
    monkeypatch.setenv("KEYTRAIL_TRUSTED_PROXIES", f"127.0.0.1 {wrong}")
    with pytest.raises(BadSettings, match="neither an address nor a network"):
        load_settings()


@pytest.mark.parametrize(
    ("peer", "chain", "seen"),
    [
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("::ffff:10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("fd00::7", "2001:db8::9", "2001:db8::9"),
        ("fd00::7", "[2001:db8::9]:4711", "2001:db8::9"),
        ("10.0.0.1", "203.0.113.5:4711", "203.0.113.5"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.5, 10.0.0.9", "203.0.113.5"),  # the first is what the visitor claims
        ("10.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("192.0.2.1", "203.0.113.5", "192.0.2.1"),
    ],
)
def test_the_address_that_throttles_count_is_the_last_that_no_known_proxy_has(
    make_settings: Callable[..., Settings], sqlite_database_url: str, clock: FakeClock, peer: str, chain: str, seen: str
) -> None:
    settings = make_settings(
        database_url=sqlite_database_url, public_url=ORIGIN, trusted_proxies="10.0.0.0/28 fd00::/8"
    )
    site = night_study(settings, clock)
    client = TestClient(site.app, base_url=ORIGIN, client=(peer, 50000))
    client.headers.update({"origin": ORIGIN, "x-forwarded-for": chain, "x-forwarded-proto": "https"})
    client.post("/sign-in", data={"email": "nobody@example.org", "password": "wrong"})
    keyring = site.app.state.services.keyring
    expected = {limit.subject for limit in limits_for(keyring, "nobody@example.org", seen, None)}
    with site.database.reading() as db:
        counted = set(db.scalars(select(SignInCount.subject)))
    site.database.close()
    assert counted == expected


def test_outsiders_cannot_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    peers = [f"10.1.{number // 250}.{number % 250}" for number in range(500)]
    assert len(warnings(caplog, peers, FOR)) == 100

"""A proxy that the settings do not name is logged once."""

import asyncio
from collections.abc import Sequence

import pytest
from starlette.responses import PlainTextResponse
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from keytrail.web.forwarded import ForwardedHeaders


def warnings(caplog: pytest.LogCaptureFixture, peers: Sequence[str], forwarded: bytes | None) -> list[str]:
    """What is logged when these peers ask a server that trusts 10.0.0.1."""
    app = ProxyHeadersMiddleware(ForwardedHeaders(PlainTextResponse("")), trusted_hosts=["10.0.0.1"])  # type: ignore[arg-type]  # as uvicorn runs any ASGI application

    async def ask(peer: str) -> None:
        async def nothing(_message: object = None) -> dict[str, object]:
            return {"type": "http.request"}

        headers = [(b"x-forwarded-for", forwarded)] if forwarded else []
        scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "client": (peer, 5000)}
        await app(scope, nothing, nothing)  # type: ignore[arg-type]  # as above

    caplog.clear()
    for peer in peers:
        asyncio.run(ask(peer))
    return [record.getMessage() for record in caplog.records]


def test_an_unknown_proxy_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    first, second = warnings(caplog, ["10.0.0.2", "10.0.0.2", "10.0.0.3", "10.0.0.2"], b"203.0.113.5")
    assert "from 10.0.0.2 is ignored" in first
    assert "KEYTRAIL_TRUSTED_PROXIES" in first
    assert "from 10.0.0.3 is ignored" in second


def test_a_trusted_proxy_and_a_plain_visitor_are_not(caplog: pytest.LogCaptureFixture) -> None:
    assert warnings(caplog, ["10.0.0.1"], b"203.0.113.5") == []
    assert warnings(caplog, ["10.0.0.2"], None) == []


def test_outsiders_cannot_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    peers = [f"10.1.{number // 250}.{number % 250}" for number in range(500)]
    assert len(warnings(caplog, peers, b"203.0.113.5")) == 100

"""Many concurrent requests, streams and stalled downloads: none exhausts the connections."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import Engine, event

from keytrail.exports.selection import Selection
from keytrail.exports.tables import TABLES, stream
from keytrail.models import User
from keytrail.requester.people.access import COOKIE
from keytrail.studies import study_by_slug
from keytrail.users.tokens import create_token
from keytrail.web.stopping import Stopping
from keytrail.web.turns import Turns
from tests.requester.site import ORIGIN, Site

AT_ONCE = 64


def answers(site: Site, requests: list[tuple[str, str, dict[str, str]]], **more: Any) -> list[Any]:
    """The answers to requests that are all sent before the first is answered."""

    async def ask() -> list[Any]:
        transport = ASGITransport(app=site.app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url=ORIGIN, timeout=60) as client:
            sent = (client.request(method, url, headers=headers, **more) for method, url, headers in requests)
            return await asyncio.gather(*sent)

    return asyncio.run(ask())


@contextmanager
def most_connections(engine: Engine) -> Iterator[list[int]]:
    """How many connections were out at once; the last figure is the highest."""
    peak = [0]

    def note(*_: object) -> None:
        peak[0] = max(peak[0], engine.pool.checkedout())  # type: ignore[attr-defined]  # every pool here counts

    event.listen(engine, "checkout", note)
    yield peak
    event.remove(engine, "checkout", note)


def cookie(site: Site) -> dict[str, str]:
    return {"cookie": f"{COOKIE}={site.cookie('olivia')}", "origin": ORIGIN}


def token(site: Site) -> dict[str, str]:
    with site.database.writing() as db:
        made = create_token(db, db.get_one(User, site.people["olivia"]), "t", site.clock())
    return {"authorization": f"Bearer {made}"}


def test_parallel_api_reads_are_all_answered(site: Site) -> None:
    url = "/api/v1/studies/night/submissions"
    assert {answer.status_code for answer in answers(site, [("GET", url, token(site))] * AT_ONCE)} == {200}


def test_parallel_pages_and_forms_are_all_answered(site: Site) -> None:
    headers = cookie(site)
    pages = [("GET", "/studies/night/queue", headers)] * AT_ONCE
    forms = [("POST", "/account/tokens/revoke", headers)] * AT_ONCE
    assert {answer.status_code for answer in answers(site, pages)} <= {200, 303}
    assert {answer.status_code for answer in answers(site, forms, data={"id": "1"})} == {303}


def test_a_request_never_holds_two_connections(site: Site) -> None:
    headers = cookie(site)
    for method, url in (("GET", "/studies/night/queue"), ("POST", "/account/tokens/revoke")):
        with most_connections(site.database.engine) as peak:
            answers(site, [(method, url, headers)], data={"id": "1"} if method == "POST" else None)
        assert peak == [1], url


def test_stalled_downloads_hold_no_connection(site: Site) -> None:
    for number in range(3):
        work = site.hand(worker=f"W{number}")
        work.hand.types("Some text.")
        work.submit()
    with site.database.reading() as db:
        selection = Selection(study_by_slug(db, "night").id, "night")
    for table in TABLES:
        stalled = [stream(site.database, table, "csv", selection) for _ in range(40)]
        started = [next(download) for download in stalled]
        assert all(started)
        assert site.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # every pool here counts


class AllWaiting(Stopping):
    """Lets nobody go on: `reached` once so many streams wait between two looks."""

    def __init__(self, streams: int) -> None:
        super().__init__()
        self.reached = asyncio.Event()
        self._missing = streams

    async def wait(self, seconds: float) -> bool:
        self._missing -= 1
        if not self._missing:
            self.reached.set()
        await asyncio.Event().wait()
        return False


def test_live_streams_hold_no_connection_while_they_wait(site: Site) -> None:
    async def ask() -> int:
        waiting = AllWaiting(AT_ONCE)
        site.app.state.services = replace(site.app.state.services, stopping=waiting)
        async with AsyncClient(transport=ASGITransport(app=site.app), base_url=ORIGIN, headers=cookie(site)) as client:
            streams = [asyncio.create_task(client.get("/live?study=night")) for _ in range(AT_ONCE)]
            async with asyncio.timeout(60):
                await waiting.reached.wait()
            held = site.database.engine.pool.checkedout()  # type: ignore[attr-defined]  # every pool here counts
            for one in streams:
                one.cancel()
            await asyncio.gather(*streams, return_exceptions=True)
        return int(held)

    assert asyncio.run(ask()) == 0


def test_who_finds_every_turn_taken_is_told_to_come_back(site: Site) -> None:
    site.app.state.services = replace(site.app.state.services, turns=Turns(connections=2, wait_s=0.0))
    statuses = answers(site, [("GET", "/studies/night/queue", cookie(site))] * 8)
    refused = [answer for answer in statuses if answer.status_code == 503]
    assert refused
    assert {answer.status_code for answer in statuses} <= {200, 303, 503}
    assert {answer.headers["retry-after"] for answer in refused} == {"5"}


def test_an_exhausted_pool_is_busy_and_not_broken_and_ingest_does_not_notice(site: Site) -> None:
    engine = site.database.engine
    engine.pool._timeout = 0.05  # type: ignore[attr-defined]  # instead of ten seconds
    with ExitStack() as stack:
        while engine.pool.checkedout() < engine.pool.size() + engine.pool._max_overflow:  # type: ignore[attr-defined]
            stack.enter_context(engine.connect())
        (answer,) = answers(site, [("GET", "/studies/night/queue", cookie_of_nobody())])
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        with site.database.appending() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def cookie_of_nobody() -> dict[str, str]:
    return {"cookie": f"{COOKIE}=x"}

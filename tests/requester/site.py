"""A running dashboard with named people, and sessions that went through the real use cases."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import event, select

from keytrail.db import Database
from keytrail.imports.storing import ImportedSession, store_session
from keytrail.keyring import Keyring
from keytrail.models import WIRE_1, Study, User, Worker, WorkerPerson
from keytrail.platform_actions.exclusions import exclude
from keytrail.requester.people.access import COOKIE
from keytrail.review.analysis.bridge import analyse_submission, load_for_analysis
from keytrail.studies import study_by_slug
from keytrail.users.signing_in import start_sign_in
from keytrail.web.pages import Page, Pages
from tests.conftest import FakeClock
from tests.requester.hand import Hand

ORIGIN = "http://keytrail.test"


@dataclass
class Site:
    """The application under test; `people` maps names to user ids."""

    app: FastAPI
    clock: FakeClock
    slug: str
    people: Mapping[str, int]
    items: Mapping[str, str]
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 100_000)))

    @property
    def database(self) -> Database:
        return cast("Database", self.app.state.services.database)

    @property
    def keyring(self) -> Keyring:
        return cast("Keyring", self.app.state.services.keyring)

    def cookie(self, name: str) -> str:
        with self.database.writing() as db:
            return start_sign_in(db, db.get_one(User, self.people[name]), 12, self.clock())

    def visitor(self, name: str | None = None) -> "Visitor":
        client = TestClient(self.app, base_url=ORIGIN, follow_redirects=False)
        if name:
            client.cookies.set(COOKIE, self.cookie(name))
        return Visitor(client)

    def hand(self, worker: str = "", seed: int = 1, item: str = "") -> "Work":
        """A worker who begins to write; the items go round."""
        number = next(self._numbers)
        keys = list(self.items)
        key = item or keys[(number - 1) % len(keys)]
        return Work(self, number, worker or f"W{number}", key, Hand(self.items[key], seed))

    def exclude_worker(self, pseudonym: str, reason: str, by: str = "olivia") -> None:
        """A worker, whose platform's id would be known, is kept out of an owner's further studies."""
        with self.database.writing() as db:
            worker = db.scalars(select(Worker).where(Worker.pseudonym == pseudonym)).one()
            owner = db.get_one(User, self.people[by])
            db.add(WorkerPerson(worker_id=worker.id, owner_id=owner.id, person=f"P{worker.id}"))
            db.flush()
            exclude(db, db.get_one(Study, worker.study_id), worker, owner, reason, self.clock())

    def analyse(self, number: int) -> None:
        """As the server does in the background."""
        with self.database.writing() as db:
            loaded = load_for_analysis(db, number)
            assert loaded is not None
            analyse_submission(db, loaded, self.clock() + timedelta(seconds=1))

    @contextmanager
    def counted_statements(self) -> Iterator[list[str]]:
        """Every SQL statement that is sent meanwhile."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if not statement.startswith("BEGIN"):
                seen.append(statement)

        event.listen(self.database.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(self.database.engine, "before_cursor_execute", note)


@dataclass
class Work:
    """One worker's session: write with `hand`, then submit."""

    site: Site
    number: int
    worker: str
    item: str
    hand: Hand

    def submit(self, *, text: str | None = None, comment: str = "", analysed: bool = True) -> str:
        """Store the finished session and analyse it; the submission's public id."""
        site = self.site
        imported = ImportedSession(
            session=str(self.number),
            worker=self.worker,
            item_text=self.hand.item,
            item_id=self.item,
            text=self.hand.text if text is None else text,
            epochs=[self.hand.done().events],
            log_format=WIRE_1,
            submitted_at=site.clock(),
        )
        with site.database.writing() as db:
            submission = store_session(db, study_by_slug(db, site.slug), imported, site.keyring, site.clock())
            assert submission is not None
            submission.comment = comment
            public_id, number = submission.public_id, submission.id
        if analysed:
            site.analyse(number)
        site.clock.advance(minutes=7)
        return public_id


class WatchedPages(Pages):
    """Keeps the last page's context, so that tests check what was shown and not how."""

    last: Page | None = None

    def render(self, page: Page, status: int = 200) -> HTMLResponse:
        self.last = page
        return super().render(page, status)


class Visitor:
    """A browser without JavaScript: pages by GET, forms by POST from the same origin."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, url: str) -> Response:
        return self.client.get(url)

    def page(self, url: str) -> str:
        answer = self.get(url)
        assert answer.status_code == 200, (answer.status_code, answer.text[:300])
        return answer.text

    def context(self, url: str) -> Any:
        """The frozen dataclass that the page was rendered from."""
        self.page(url)
        return self.client.app.state.pages.last  # type: ignore[attr-defined]  # put there by the fixture

    def settled(self, url: str) -> Any:
        """As `context`, of a page whose figures the first look has worked out."""
        self.page(url)
        return self.context(url)

    def post(self, url: str, **fields: str | list[str]) -> Response:
        return self.client.post(url, data=fields, headers={"origin": ORIGIN, "sec-fetch-site": "same-origin"})


def words_of(html: str) -> str:
    """The page's text without tags, white space made single."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()

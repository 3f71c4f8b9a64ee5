"""Keytrail's server, restarted whenever a test says so, and whoever uses it over HTTP."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select

from keytrail.db import Database
from keytrail.main import create_app
from keytrail.models import Membership, PlatformAction, PlatformTask, Role, User, WritingSession
from keytrail.platforms.prolific_signature import sign
from keytrail.requester.people.access import COOKIE, cookie_name
from keytrail.settings import Settings
from keytrail.studies import study_by_slug
from keytrail.users.signing_in import start_sign_in
from tests.conftest import FakeClock
from tests.platform_actions.sending import confirmed
from tests.requester.site import Visitor as Requester
from tests.requester.site import WatchedPages
from tests.worker.visitor import Visitor as Worker

HOME = "/studies/panel"
FORM = {
    "title": "Panel",
    "slug": "panel",
    "instructions": "Write.",
    "minimum_words": "2",
    "maximum_words": "50",
    "reward": "1.50",
    "currency": "GBP",
    "places_per_item": "3",
    "institution": "The panel laboratory",
    "contact": "lab@example.org",
    "ethics_number": "none",
    "retention": "two years",
}


class Installation:
    """One study named panel and its owner. Nothing but the database and the data folder outlives a restart."""

    def __init__(self, settings: Settings, clock: FakeClock) -> None:
        self.settings, self.clock = settings, clock
        self._start()
        with self.database.writing() as db:
            owner = User(
                email="o@example.org",
                name="Olivia",
                password_hash="!",
                created_at=clock(),
                may_create_studies=True,
                may_spend=True,
            )
            db.add(owner)
            db.flush()
            self._cookie = start_sign_in(db, owner, settings.session_hours, clock())

    def restart(self) -> None:
        self.close()
        self._start()

    def close(self) -> None:
        self.database.close()

    def _start(self) -> None:
        self._app = create_app(self.settings, clock=self.clock)
        self._app.state.pages = WatchedPages()
        self.database: Database = self._app.state.services.database

    @property
    def client(self) -> TestClient:
        return TestClient(self._app, base_url=self.settings.public_url, follow_redirects=False)

    @property
    def owner(self) -> Requester:
        return self.visitor(self._cookie)

    def visitor(self, cookie: str) -> Requester:
        """Whoever has signed in with this cookie."""
        client = self.client
        client.cookies.set(cookie_name(COOKIE, self.settings), cookie)
        client.headers["origin"] = self.settings.public_url
        return Requester(client)

    def another_owner(self) -> Requester:
        """Nora, who owns the study too and may pay."""
        with self.database.writing() as db:
            nora = User(email="n@example.org", name="Nora", password_hash="!", created_at=self.clock(), may_spend=True)
            db.add(nora)
            db.flush()
            db.add(Membership(user_id=nora.id, study_id=study_by_slug(db, "panel").id, role=Role.OWNER))
            return self.visitor(start_sign_in(db, nora, self.settings.session_hours, self.clock()))

    def set_up(self, platform: str, items: str = "id,text\na,A text.\n", **form: str) -> None:
        """Create the study, upload its items and publish it here."""
        self.owner.post("/new-study", **{**FORM, "platform": platform, **form})
        files = {"file": ("items.csv", items.encode(), "text/csv")}
        uploaded = self.owner.client.post(f"{HOME}/items", files=files).headers["location"]
        imported = self.owner.post(uploaded, text="text", item_id="id")
        assert imported.status_code == 303, imported.text
        published = self.owner.post(f"{HOME}/checklist/publication", confirmed=["reward"])
        assert published.status_code == 303, published.text

    def worker(self, ids: Mapping[str, str]) -> Worker:
        return Worker(self.client, "panel", dict(ids))

    def push(self, event: str, submission: str, status: str, secret: str, **more: str) -> int:
        """A message as Prolific sends it; what is answered."""
        payload = {"event_type": "submission.status.change", "resource_id": submission, "status": status, **more}
        body, stamp = json.dumps(payload), str(int(self.clock().timestamp()))
        headers = {
            "x-prolific-request-signature": sign(secret, stamp, body.encode()),
            "x-prolific-request-timestamp": stamp,
            "x-event-id": event,
        }
        return self.client.post("/api/hooks/prolific/panel", content=body, headers=headers).status_code

    def decide(self, receipt: str, kind: str, reason: str) -> None:
        assert self.owner.post(f"/submissions/{receipt}/decisions", kind=kind, reason=reason).status_code == 303

    def do(self, step: str, **fields: str | list[str]) -> Any:
        """Send one of the study's forms; the context of the page that answers."""
        answer = self.owner.post(f"{HOME}/{step}", **fields)
        assert answer.status_code == 303, answer.text
        return self.page(answer.headers["location"])

    def page(self, address: str) -> Any:
        """A page's context."""
        self.owner.page(address if address.startswith("/") else f"{HOME}/{address}")
        return self._app.state.pages.last

    def waiting(self) -> list[Any]:
        """What waits in the outbox, oldest first."""
        return list(self.page("payments").waiting.lines)

    def send(self, numbers: Sequence[int]) -> None:
        shown = self.owner.post(f"{HOME}/payments/preview", pick=[str(number) for number in numbers])
        self.owner.post(f"{HOME}/payments/sending", **confirmed(shown.text))

    def send_all(self) -> list[str]:
        """Send all that waits; what became of each."""
        numbers = [line.id for line in self.waiting()]
        self.send(numbers)
        with self.database.reading() as db:
            rows = db.scalars(select(PlatformAction).where(PlatformAction.id.in_(numbers)).order_by(PlatformAction.id))
            return [str(action.state) for action in rows]

    def states(self) -> list[str]:
        """What became of each visit, as far as it is known here."""
        with self.database.reading() as db:
            return list(db.scalars(select(WritingSession.state).order_by(WritingSession.id)))

    def task(self) -> PlatformTask:
        """What was created at the platform."""
        with self.database.reading() as db:
            return db.scalars(select(PlatformTask)).one()

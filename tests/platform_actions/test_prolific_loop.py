"""From the first form to the export on Prolific: its messages come in any order, twice, late and forged, and every step
is followed by a restart. Whatever happens, what is paid and what is exported is the same.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from keytrail.main import create_app
from keytrail.models import User, WritingSession
from keytrail.platforms.prolific_signature import sign
from keytrail.requester.people.access import COOKIE
from keytrail.settings import Settings
from keytrail.users.signing_in import start_sign_in
from tests.conftest import FakeClock
from tests.platform_actions.prolific_double import STUDY, TOKEN, ProlificDouble, prolific_double
from tests.platform_actions.sending import confirmed
from tests.requester.site import Visitor as Requester
from tests.requester.site import WatchedPages
from tests.worker.visitor import Visitor as Worker

SECRET = "the secret that Prolific gave"
HOME = "/studies/panel"
FORM = {
    "title": "Panel",
    "slug": "panel",
    "instructions": "Write.",
    "platform": "prolific",
    "minimum_words": "2",
    "maximum_words": "50",
    "reward": "1.50",
    "currency": "GBP",
    "places_per_item": "3",
}
Push = tuple[str, str, str]
TOLD: Sequence[Push] = (
    ("e1", "S1", "ACTIVE"),
    ("e2", "S2", "ACTIVE"),
    ("e3", "S1", "AWAITING REVIEW"),
    ("e4", "S2", "AWAITING REVIEW"),
    ("e5", "S3", "RETURNED"),
)
ORDERS: dict[str, Sequence[Push]] = {
    "backwards, each twice": [push for push in TOLD[::-1] for _ in range(2)],
    "all over": [TOLD[4], TOLD[2], TOLD[0], TOLD[2], TOLD[3], TOLD[4], TOLD[1], TOLD[0]],
    "none": [],
}


class Installation:
    """Keytrail's server, which is restarted with every step, and whoever uses it."""

    def __init__(self, settings: Settings, clock: FakeClock) -> None:
        self._settings, self._clock = settings, clock
        self._start()
        with self._app.state.services.database.writing() as db:
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
            self._cookie = start_sign_in(db, owner, 12, clock())

    def restart(self) -> None:
        """Nothing but the database outlives it."""
        self.close()
        self._start()

    def close(self) -> None:
        self._app.state.services.database.close()

    def _start(self) -> None:
        self._app = create_app(self._settings, clock=self._clock)
        self._app.state.pages = WatchedPages()

    @property
    def _client(self) -> TestClient:
        return TestClient(self._app, base_url="http://keytrail.test", follow_redirects=False)

    @property
    def owner(self) -> Requester:
        client = self._client
        client.cookies.set(COOKIE, self._cookie)
        return Requester(client)

    def worker(self, person: str, submission: str) -> Worker:
        ids = {"PROLIFIC_PID": person, "SESSION_ID": submission, "STUDY_ID": STUDY}
        return Worker(self._client, "panel", ids)

    def push(self, event: str, submission: str, status: str, secret: str = SECRET) -> int:
        """A message as Prolific sends it; what is answered."""
        body = json.dumps({"event_type": "submission.status.change", "resource_id": submission, "status": status})
        stamp = str(int(self._clock().timestamp()))
        headers = {
            "x-prolific-request-signature": sign(secret, stamp, body.encode()),
            "x-prolific-request-timestamp": stamp,
            "x-event-id": event,
        }
        return self._client.post("/api/hooks/prolific/panel", content=body, headers=headers).status_code

    def waiting(self) -> list[Any]:
        """What waits in the outbox, oldest first."""
        self.owner.page(f"{HOME}/payments")
        return list(self._app.state.pages.last.waiting.lines)

    def states(self) -> list[str]:
        """What became of each visit, as far as it is known here."""
        with self._app.state.services.database.reading() as db:
            return list(db.scalars(select(WritingSession.state).order_by(WritingSession.id)))

    def send(self, numbers: Sequence[int]) -> None:
        shown = self.owner.post(f"{HOME}/payments/preview", pick=[str(number) for number in numbers])
        self.owner.post(f"{HOME}/payments/sending", **confirmed(shown.text))

    def export(self) -> list[tuple[str, str]]:
        lines = self.owner.page(f"{HOME}/export/file?table=submissions").splitlines()
        return [(row["text"], row["decision"]) for row in csv.DictReader(lines)]


@pytest.fixture
def double() -> Iterator[ProlificDouble]:
    with prolific_double() as found:
        yield found


@pytest.fixture
def at(
    double: ProlificDouble, make_settings: Callable[..., Settings], sqlite_database_url: str, clock: FakeClock
) -> Iterator[Installation]:
    hooks = {"prolific_url": double.url, "prolific_token": TOKEN, "prolific_webhook_secret": SECRET}
    found = Installation(make_settings(database_url=sqlite_database_url, **hooks), clock)
    yield found
    found.close()


@pytest.mark.parametrize("order", ORDERS)
def test_the_outcome_is_the_same_whatever_the_messages_do(at: Installation, double: ProlificDouble, order: str) -> None:
    set_up(at)
    typed, pasted = (work(at, double, f"P{number}", f"S{number}") for number in (1, 2))
    at.worker("P3", "S3").accept()
    double.statuses["S3"] = "RETURNED"
    for event, submission, status in ORDERS[order]:
        assert at.push(event, submission, status) == 200
        assert at.push(f"forged-{event}", "S1", "RETURNED", secret="a guess") == 403
        assert at.push(f"forged-{event}", "S2", "APPROVED", secret="a guess") == 403
    at.restart()
    review(at, typed, pasted)
    pay(at, typed)
    late = [at.push("late", "S1", "AWAITING REVIEW"), at.push("later", "S1", "APPROVED"), at.push("e1", "S1", "ACTIVE")]
    assert late == [200, 200, 200]
    at.restart()
    at.owner.post(f"{HOME}/payments/comparison")
    assert at.states() == ["submitted", "submitted", "returned"]
    assert (double.transitions, double.paid) == (["S1"], [("S1", "2.50")])
    assert at.waiting() == []
    assert at.export() == [("Words by P1.", "accept"), ("Words by P2.", "propose_rejection")]


def set_up(at: Installation) -> None:
    at.owner.post("/new-study", **FORM)
    at.restart()
    items = {"file": ("items.csv", b"id,text\na,A text.\n", "text/csv")}
    uploaded = at.owner.client.post(f"{HOME}/items", files=items).headers["location"]
    assert at.owner.post(uploaded, text="text", item_id="id").status_code == 303
    codes = {"completion_code": "DONE1", "no_consent_code": "NOPE1", "screened_out_code": "OUT1"}
    assert at.owner.post(f"{HOME}/platform/options", study_id=STUDY, **codes).status_code == 303
    at.restart()


def work(at: Installation, double: ProlificDouble, person: str, submission: str) -> str:
    worker = at.worker(person, submission)
    worker.accept()
    at.restart()
    back = at.worker(person, submission)
    back.open()
    answer = back.post_submission(f"Words by {person}.").json()
    assert answer["finish"]["url"] == "https://app.prolific.com/submissions/complete?cc=DONE1"
    double.statuses[submission] = "AWAITING REVIEW"
    at.restart()
    return str(answer["receipt"])


def review(at: Installation, typed: str, pasted: str) -> None:
    at.owner.post(f"/submissions/{typed}/decisions", kind="accept", reason="typed_throughout")
    at.owner.post(f"/submissions/{pasted}/decisions", kind="propose_rejection", reason="no_typing")
    at.restart()


def pay(at: Installation, typed: str) -> None:
    approve, reject = at.waiting()
    assert (approve.kind, reject.kind, reject.can_send) == ("approve", "reject", False)
    assert "Prolific rejects on grounds of its own" in reject.instead
    for _ in range(2):
        at.send([approve.id, reject.id])
        at.restart()
    at.owner.post(f"{HOME}/payments/done", pick=str(reject.id))
    bonus = {"submission": typed, "amount": "2.50", "reason": "Thank you.", "token": "b" * 32}
    at.owner.post(f"{HOME}/payments/bonus", **bonus)
    at.owner.post(f"{HOME}/payments/bonus", **bonus)
    at.restart()
    (waits,) = at.waiting()
    for _ in range(2):
        at.send([waits.id])
        at.restart()

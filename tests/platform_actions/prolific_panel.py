"""A study on Prolific, from a participant's visit to the payment, against a double of its API."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from keytrail.db import Database
from keytrail.main import create_app
from keytrail.models import DecisionKind, PlatformAction, PlatformAssignment, Study, User, WritingSession
from keytrail.platform_actions.bonuses import Bonus, queue_bonus
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.sender import Sender
from keytrail.platforms.prolific_signature import sign
from keytrail.review.judging.decisions import DecisionInput, decide
from keytrail.review.queue.submissions import submission_and_role
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock
from tests.platform_actions.prolific_double import STUDY, TOKEN, ProlificDouble, prolific_double
from tests.worker.visitor import Visitor

SECRET = "the secret that Prolific gave"
OPTIONS = {"study_id": STUDY, "completion_code": "DONE1", "no_consent_code": "NOPE1", "screened_out_code": "OUT1"}


class Loop:
    """Keytrail with one study on Prolific, and its users."""

    def __init__(self, app: FastAPI, client: TestClient, clock: FakeClock, double: ProlificDouble) -> None:
        self.app, self.client, self.clock, self.double = app, client, clock, double
        self.at = app.state.services
        self.database: Database = self.at.database

    def visit(self, worker: str, submission: str) -> Visitor:
        ids = {"PROLIFIC_PID": worker, "SESSION_ID": submission, "STUDY_ID": STUDY}
        return Visitor(self.client, "panel", ids)

    def work(self, worker: str, submission: str) -> str:
        visit = self.visit(worker, submission)
        visit.accept()
        answer = visit.post_submission("Some words of my own.").json()
        assert answer["finish"]["url"] == "https://app.prolific.com/submissions/complete?cc=DONE1"
        self.double.statuses[submission] = "AWAITING REVIEW"
        return str(answer["receipt"])

    def push(self, event: str, submission: str, status: str, **changes: Any) -> Response:
        message = {"event_type": "submission.status.change", "resource_id": submission, "status": status}
        body = json.dumps(message | ({"participant_id": changes["worker"]} if "worker" in changes else {}))
        stamp = changes.get("stamp", str(int(self.clock().timestamp())))
        signature = changes.get("signature") or sign(changes.get("secret", SECRET), stamp, body.encode())
        headers = {
            "x-prolific-request-signature": signature,
            "x-prolific-request-timestamp": stamp,
            "x-event-id": event,
        }
        return self.client.post("/api/hooks/prolific/panel", content=changes.get("body", body), headers=headers)

    def decide(self, public_id: str, kind: DecisionKind) -> list[int]:
        with self.database.writing() as db:
            owner = db.scalars(select(User)).one()
            submission, _ = submission_and_role(db, public_id, owner)
            decide(db, submission, owner, DecisionInput(kind, "no_typing"), self.clock())
            return list(db.scalars(select(PlatformAction.id).where(PlatformAction.state == "queued")))

    def send(self, number: int, *, again: bool = False) -> str:
        sender = Sender(self.database, Connections(self.at.settings), self.at.keyring, self.clock)
        with self.database.reading() as db:
            study_id, owner_id = db.scalars(select(Study.id)).one(), db.scalars(select(User.id)).one()
        return str(sender.send(study_id, number, owner_id, again=again).state)

    def bonus(self, public_id: str, cents: int) -> int:
        with self.database.writing() as db:
            owner = db.scalars(select(User)).one()
            submission, _ = submission_and_role(db, public_id, owner)
            return queue_bonus(db, submission, Bonus(cents, "Thank you."), owner.id, self.clock()).id

    def states(self) -> list[str]:
        with self.database.reading() as db:
            return list(db.scalars(select(WritingSession.state).order_by(WritingSession.id)))

    def statuses(self) -> list[str]:
        with self.database.reading() as db:
            return list(db.scalars(select(PlatformAssignment.status).order_by(PlatformAssignment.id)))


@pytest.fixture
def loop(make_settings: Callable[..., Settings], database_url: str, clock: FakeClock) -> Iterator[Loop]:
    with prolific_double() as double:
        settings = make_settings(
            database_url=database_url,
            prolific_url=double.url,
            prolific_token=TOKEN,
            prolific_webhook_secret=SECRET,
        )
        app = create_app(settings, clock=clock)
        with app.state.services.database.writing() as db:
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
            definition = StudyDefinition(
                title="Panel", slug="panel", instructions="Write.", minimum_words=2, platform="prolific",
                platform_options=OPTIONS, places_per_item=2, reward="1.50", currency="GBP",
            )  # fmt: skip
            add_items(db, create_study(db, definition, owner, clock()), [ItemRow(key="a", text="A text.")])
        with TestClient(app, base_url="http://keytrail.test", follow_redirects=False) as client:
            yield Loop(app, client, clock, double)

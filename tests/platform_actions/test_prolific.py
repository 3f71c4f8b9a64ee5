"""The whole loop for Prolific against a double of its API, with messages out of order, repeated and forged."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from keytrail.db import Database
from keytrail.main import create_app
from keytrail.models import (
    DecisionKind,
    PlatformAction,
    PlatformAssignment,
    PlatformEvent,
    Study,
    Submission,
    User,
    WritingSession,
)
from keytrail.platform_actions import Connections, Sender
from keytrail.platform_actions.bonuses import Bonus, queue_bonus
from keytrail.platform_actions.reconciliation import Reconciler
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
        body = json.dumps({"event_type": "submission.status.change", "resource_id": submission, "status": status})
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


def test_from_the_link_to_the_bonus(loop: Loop) -> None:
    good, poor = loop.work("P1", "S1"), loop.work("P2", "S2")
    approve = loop.decide(good, DecisionKind.ACCEPT)
    assert loop.double.transitions == []
    assert [loop.send(number) for number in approve] == ["sent"]
    (reject,) = loop.decide(poor, DecisionKind.PROPOSE_REJECTION)
    assert loop.send(reject) == "failed"
    assert loop.double.transitions == ["S1"]
    bonus = loop.bonus(good, 250)
    assert loop.send(bonus) == "sent"
    assert loop.send(bonus) == "sent"
    assert loop.double.paid == [("S1", "2.50")]


def test_a_bonus_whose_answer_got_lost_is_not_paid_again_unasked(loop: Loop) -> None:
    bonus = loop.bonus(loop.work("P1", "S1"), 100)
    loop.double.break_next = True
    assert [loop.send(bonus), loop.send(bonus)] == ["unsure", "unsure"]
    assert loop.double.paid == [("S1", "1.00")]
    assert loop.send(bonus, again=True) == "sent"
    assert len(loop.double.paid) == 2


def test_a_bonus_that_was_only_set_up_is_sent_after_a_crash(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    bonus = loop.bonus(loop.work("P1", "S1"), 100)
    with monkeypatch.context() as patched:
        patched.setattr(Sender, "_checkpoint", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            loop.send(bonus)
    assert loop.send(bonus) == "sending"
    loop.clock.advance(minutes=3)
    assert loop.send(bonus) == "sent"
    assert loop.double.paid == [("S1", "1.00")]


def test_a_crash_after_paying_leaves_it_to_a_person(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    bonus = loop.bonus(loop.work("P1", "S1"), 100)
    with monkeypatch.context() as patched:
        patched.setattr(Sender, "_settle", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            loop.send(bonus)
    loop.clock.advance(minutes=3)
    assert loop.send(bonus) == "unsure"
    assert loop.double.paid == [("S1", "1.00")]


class TestMessages:
    def test_late_ones_undo_nothing_and_repeats_change_nothing(self, loop: Loop) -> None:
        loop.work("P1", "S1")
        assert loop.push("e3", "S1", "APPROVED").json() == {"taken": True}
        assert loop.push("e2", "S1", "AWAITING REVIEW").json() == {"taken": True}
        assert loop.push("e1", "S1", "ACTIVE").json() == {"taken": True}
        assert loop.push("e3", "S1", "APPROVED").json() == {"taken": False}
        assert loop.statuses() == ["APPROVED"]

    def test_a_return_frees_the_place_whenever_it_arrives(self, loop: Loop) -> None:
        for number in (1, 2):
            loop.visit(f"P{number}", f"S{number}").accept()
        third = loop.visit("P3", "S3")
        third.open()
        assert "no text left" in third.send("consent").text
        loop.push("e1", "S1", "RETURNED")
        loop.push("e0", "S1", "ACTIVE")
        assert loop.states() == ["returned", "open"]
        loop.visit("P3", "S3").accept()

    @pytest.mark.parametrize(
        "forged",
        [
            {"secret": "another secret"},
            {"signature": "AAAA"},
            {"stamp": "1"},
            {"stamp": "nan"},
            {"stamp": "1e400"},
            {"stamp": "yesterday"},
            {"body": "{}"},
        ],
    )
    def test_forged_and_old_ones_change_nothing(self, loop: Loop, forged: dict[str, str]) -> None:
        loop.visit("P1", "S1").accept()
        assert loop.push("e1", "S1", "RETURNED", **forged).status_code == 403
        assert loop.states() == ["open"]
        with loop.database.reading() as db:
            assert db.scalars(select(PlatformEvent)).all() == []

    def test_an_old_message_is_refused_though_it_is_signed(self, loop: Loop) -> None:
        loop.visit("P1", "S1").accept()
        stamp = str(int(loop.clock().timestamp()))
        loop.clock.advance(minutes=11)
        assert loop.push("e1", "S1", "RETURNED", stamp=stamp).status_code == 403

    def test_one_of_another_study_leaves_no_id_here(self, loop: Loop) -> None:
        assert loop.push("e1", "SOMEWHEREELSE", "APPROVED").status_code == 200
        with loop.database.reading() as db:
            assert [row.clear_id for row in db.scalars(select(PlatformAssignment))] == [None]

    @pytest.mark.parametrize("event", ["", "<b>", "x" * 200])
    def test_without_a_proper_id_none_is_taken(self, loop: Loop, event: str) -> None:
        assert loop.push(event, "S1", "RETURNED").status_code == 422

    def test_odd_contents_are_kept_and_not_acted_on(self, loop: Loop) -> None:
        for number, body in enumerate(('{"event_type": 5}', '{"event_type": "other", "status": []}')):
            stamp = str(int(loop.clock().timestamp()))
            assert loop.push(f"e{number}", "", "", body=body, signature=sign(SECRET, stamp, body.encode())).is_success
        stamp = str(int(loop.clock().timestamp()))
        assert loop.push("e9", "", "", body="[]", signature=sign(SECRET, stamp, b"[]")).status_code == 422


def test_comparing_reads_all_pages_and_corrects_what_a_message_said(loop: Loop) -> None:
    loop.work("P1", "S1")
    loop.push("e1", "S1", "APPROVED")
    loop.double.statuses |= {f"X{number}": "RETURNED" for number in range(150)} | {"S1": "AWAITING REVIEW"}
    with loop.database.reading() as db:
        study_id = db.scalars(select(Study.id)).one()
    reconciler = Reconciler(loop.database, Connections(loop.at.settings), loop.at.keyring, loop.clock)
    assert reconciler.compare(study_id).looked_at == 151
    assert "AWAITING REVIEW" in loop.statuses()


class TestOtherEndings:
    def link(self, page: str) -> str:
        found = re.search(r'id="finish"[^>]*href="([^"]+)"', page)
        return unescape(found[1]) if found else ""

    def test_without_consent_nothing_is_stored_and_the_platform_is_told(self, loop: Loop) -> None:
        visit = loop.visit("P1", "S1")
        visit.open()
        assert self.link(visit.send("refusal").text).endswith("cc=NOPE1")
        assert loop.states() == []

    def test_whoever_took_part_before_is_told_on_the_first_page(self, loop: Loop) -> None:
        loop.work("P1", "S1")
        with loop.database.writing() as db:
            owner = db.scalars(select(User)).one()
            options = OPTIONS | {"not_from": "panel"}
            definition = StudyDefinition(
                title="Second", slug="second", instructions="Write.", platform="prolific", platform_options=options
            )
            add_items(db, create_study(db, definition, owner, loop.clock()), [ItemRow(key="a", text="A text.")])
        again, new = loop.visit("P1", "S2"), loop.visit("P2", "S3")
        again.slug = new.slug = "second"
        page = again.open().text
        assert "You have taken part in an earlier study" in page
        assert (self.link(page)[-7:], 'name="ticket"' in page) == ("cc=OUT1", False)
        assert 'name="ticket"' in new.open().text
        assert loop.states() == ["submitted"]

    def test_with_nothing_left_the_worker_is_screened_out(self, loop: Loop) -> None:
        for number in (1, 2):
            loop.work(f"P{number}", f"S{number}")
        visit = loop.visit("P3", "S3")
        visit.open()
        answer = visit.send("consent")
        assert (answer.status_code, self.link(answer.text)[-7:]) == (409, "cc=OUT1")
        with loop.database.reading() as db:
            assert len(db.scalars(select(Submission)).all()) == 2


@pytest.mark.parametrize("odd", ["<script>alert(1)</script>", "x" * 129, "x" * 10_000, "a b", "\u202e", "%00"])
def test_odd_ids_get_a_clear_page_and_store_nothing(loop: Loop, odd: str) -> None:
    for name in ("PROLIFIC_PID", "SESSION_ID", "STUDY_ID"):
        visit = loop.visit("P1", "S1")
        visit.query[name] = odd
        answer = visit.open()
        assert answer.status_code == 400
        assert "<script>alert" not in answer.text
        assert 'name="ticket"' not in answer.text
    assert loop.states() == []


def test_a_message_about_another_study_of_the_workspace_is_left_alone(loop: Loop) -> None:
    told = {"event_type": "submission.status.change", "resource_id": "S9", "status": "ACTIVE", "study_id": "other"}
    body, stamp = json.dumps(told), str(int(loop.clock().timestamp()))
    answer = loop.push("e1", "", "", body=body, signature=sign(SECRET, stamp, body.encode()))
    assert (answer.json(), loop.statuses()) == ({"taken": True}, [])

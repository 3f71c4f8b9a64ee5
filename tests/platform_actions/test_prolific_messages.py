"""Prolific's messages: out of order, repeated, forged, and about other studies."""

import json

import pytest
from sqlalchemy import select

from keytrail.models import PlatformAssignment, PlatformEvent, Study, WritingSession
from keytrail.platform_actions.assignments import PlatformStatus, record_platform_status
from keytrail.platforms.prolific_signature import sign
from keytrail.sessions.confirmation import Confirmation, confirmation_of
from tests.platform_actions.prolific_panel import SECRET, Loop, loop

__all__ = ["loop"]


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

    def test_one_that_is_repeated_with_another_event_id_changes_nothing(self, loop: Loop) -> None:
        """The signature does not cover the id. Meanwhile Prolific itself said that the work goes on."""
        loop.visit("P1", "S1").accept()
        assert loop.push("e1", "S1", "RETURNED", worker="P1").json() == {"taken": True}
        loop.visit("P1", "S1").accept()
        with loop.database.writing() as db:
            active = PlatformStatus("S1", "ACTIVE", certain=True, worker_id="P1")
            record_platform_status(db, db.scalars(select(Study)).one(), active, loop.at.keyring, loop.clock())
        assert loop.push("e2", "S1", "RETURNED", worker="P1").json() == {"taken": False}
        assert (loop.states(), loop.statuses()) == (["returned", "open"], ["ACTIVE"])

    def test_one_of_another_study_that_is_sent_to_this_ones_address_changes_nothing(self, loop: Loop) -> None:
        """Nor does it make this study's honest work wait for a confirmation that nobody sends."""
        loop.visit("P1", "S1").accept()
        for number, status in enumerate(("ACTIVE", "RETURNED", "APPROVED")):
            assert loop.push(f"e{number}", "SOMEWHEREELSE", status, worker="P9").json() == {"taken": True}
        assert loop.states() == ["open"]
        with loop.database.reading() as db:
            (session,), study = db.scalars(select(WritingSession)).all(), db.scalars(select(Study)).one()
            assert confirmation_of(db, study, session) == Confirmation.UNCONFIRMABLE
        loop.push("e9", "S1", "AWAITING REVIEW", worker="P1")
        with loop.database.reading() as db:
            session = db.scalars(select(WritingSession)).one()
            assert confirmation_of(db, study, session) == Confirmation.CONFIRMED

    @pytest.mark.parametrize("event", ["", "<b>", "x" * 200])
    def test_without_a_proper_id_none_is_taken(self, loop: Loop, event: str) -> None:
        assert loop.push(event, "S1", "RETURNED").status_code == 422

    def test_odd_contents_are_kept_and_not_acted_on(self, loop: Loop) -> None:
        for number, body in enumerate(('{"event_type": 5}', '{"event_type": "other", "status": []}')):
            stamp = str(int(loop.clock().timestamp()))
            assert loop.push(f"e{number}", "", "", body=body, signature=sign(SECRET, stamp, body.encode())).is_success
        stamp = str(int(loop.clock().timestamp()))
        assert loop.push("e9", "", "", body="[]", signature=sign(SECRET, stamp, b"[]")).status_code == 422


def test_a_message_about_another_study_of_the_workspace_is_left_alone(loop: Loop) -> None:
    payload = {"event_type": "submission.status.change", "resource_id": "S9", "status": "ACTIVE", "study_id": "other"}
    body, stamp = json.dumps(payload), str(int(loop.clock().timestamp()))
    answer = loop.push("e1", "", "", body=body, signature=sign(SECRET, stamp, body.encode()))
    assert (answer.json(), loop.statuses()) == ({"taken": True}, [])

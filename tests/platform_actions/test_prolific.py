"""The whole loop for Prolific against a double of its API."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from keytrail.models import DecisionKind, Study, Submission, User
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.reconciliation import Reconciler
from keytrail.platform_actions.sender import Sender
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.platform_actions.prolific_panel import OPTIONS, Loop, loop

__all__ = ["loop"]


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

from collections import Counter

import pytest

from keytrail.db import Database
from keytrail.errors import Conflict
from keytrail.models import WritingSession
from keytrail.sessions.lifecycle import return_session
from keytrail.sessions.submission import Answer, submit
from tests.conftest import FakeClock
from tests.sessions.conftest import Open


def test_a_worker_gets_each_item_once_and_then_nothing(database: Database, clock: FakeClock, accept: Open) -> None:
    with database.writing() as db:
        keys = []
        for number in range(3):
            session = accept(db, "W1", f"A{number}", clock())
            keys.append(session.item.key)
            submit(db, session.id, Answer("three short words"), clock())
        assert sorted(keys) == ["a", "b", "c"]
        with pytest.raises(Conflict, match="no text left"):
            accept(db, "W1", "A4", clock())


def test_what_is_only_begun_is_not_had(database: Database, clock: FakeClock, accept: Open) -> None:
    with database.writing() as db:
        begun = [accept(db, "W1", f"A{number}", clock()).item.key for number in range(4)]
        assert sorted(begun[:3]) == ["a", "b", "c"], "what is begun comes last"
        assert begun[3] == "a"


def test_items_are_handed_out_evenly(database: Database, clock: FakeClock, accept: Open) -> None:
    with database.writing() as db:
        keys = Counter(accept(db, f"W{n}", f"A{n}", clock()).item.key for n in range(6))
        assert keys == {"a": 2, "b": 2, "c": 2}
        with pytest.raises(Conflict):
            accept(db, "W7", "A7", clock())


def test_a_returned_assignment_frees_its_place(database: Database, clock: FakeClock, accept: Open) -> None:
    with database.writing() as db:
        sessions = [accept(db, f"W{n}", f"A{n}", clock()) for n in range(6)]
        return_session(db, sessions[1], clock())
        assert accept(db, "W7", "A7", clock()).item_id == sessions[1].item_id


def test_an_expired_assignment_frees_its_place(database: Database, clock: FakeClock, accept: Open) -> None:
    with database.writing() as db:
        for n in range(6):
            accept(db, f"W{n}", f"A{n}", clock())
        clock.advance(minutes=59)
        with pytest.raises(Conflict):
            accept(db, "W7", "A7", clock())
        clock.advance(minutes=1)
        assert accept(db, "W7", "A7", clock()).item.key == "a"


def test_a_submission_keeps_its_place_for_good(database: Database, clock: FakeClock, accept: Open) -> None:
    with database.writing() as db:
        for n in range(6):
            submit(db, accept(db, f"W{n}", f"A{n}", clock()).id, Answer("three short words"), clock())
        clock.advance(days=30)
        with pytest.raises(Conflict):
            accept(db, "W7", "A7", clock())


def test_the_same_assignment_keeps_its_session(database: Database, clock: FakeClock, accept: Open) -> None:
    with database.writing() as db:
        first = accept(db, "W1", "A1", clock())
        assert accept(db, "W1", "A1", clock()).id == first.id
        assert db.query(WritingSession).count() == 1

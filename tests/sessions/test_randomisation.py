from collections import Counter

import pytest

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import Study, Worker, WritingSession
from keytrail.platforms import Assignment
from keytrail.sessions.lifecycle import open_session
from keytrail.sessions.randomisation import condition_for
from keytrail.sessions.submission import Answer, submit
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from keytrail.studies.conditions import Condition, Measure
from tests.conftest import FakeClock

CONDITIONS = [
    Condition(name="nothing", probability=0.5),
    Condition(name="plea", probability=0.3, measures=frozenset({Measure.DIRECT_REQUEST})),
    Condition(name="no paste", probability=0.2, measures=frozenset({Measure.REFUSE_PASTE})),
]


@pytest.fixture
def study(database: Database, clock: FakeClock) -> Study:
    with database.writing() as db:
        definition = StudyDefinition(
            title="T", instructions="I", slug="three", conditions=CONDITIONS, places_per_item=50
        )
        study = create_study(db, definition, None, clock())
        add_items(db, study, [ItemRow(key=str(number), text=f"Text {number}") for number in range(5)])
        return study


def _assignment(worker: str, number: int = 1) -> Assignment:
    return Assignment(worker_id=worker, assignment_id=f"{worker}-{number}")


def test_a_worker_keeps_the_condition_of_the_first_session(
    database: Database, study: Study, keyring: Keyring, clock: FakeClock
) -> None:
    with database.writing() as db:
        for worker in "abcdefgh":
            sessions = [open_session(db, study, _assignment(worker, number), keyring, clock()) for number in range(3)]
            assert len({session.condition for session in sessions}) == 1
            assert sessions[0].condition is not None


def test_a_submission_repeats_its_session_s_condition(
    database: Database, study: Study, keyring: Keyring, clock: FakeClock
) -> None:
    with database.writing() as db:
        session = open_session(db, study, _assignment("a"), keyring, clock())
        assert session.condition is not None
        assert submit(db, session.id, Answer("word " * 60), clock()).condition == session.condition


def test_the_draw_does_not_change_what_a_worker_has(
    database: Database, study: Study, keyring: Keyring, clock: FakeClock
) -> None:
    with database.writing() as db:
        session = open_session(db, study, _assignment("a"), keyring, clock())
        other = next(one.name for one in CONDITIONS if one.name != session.condition)
        session.condition = other
        db.flush()
        assert open_session(db, study, _assignment("a", 2), keyring, clock()).condition == other


def test_conditions_are_drawn_by_their_probabilities(
    database: Database, study: Study, keyring: Keyring, clock: FakeClock
) -> None:
    """4,000 draws: five standard errors of a share of one half are 0.04."""
    with database.reading() as db:
        drawn = Counter(
            condition_for(db, study, Worker(id=-number, study_id=study.id, pseudonym=f"w{number}"), keyring)
            for number in range(1, 4001)
        )
    for condition in CONDITIONS:
        assert drawn[condition.name] / 4000 == pytest.approx(condition.probability, abs=0.04)


def test_another_study_draws_anew(database: Database, study: Study, keyring: Keyring, clock: FakeClock) -> None:
    with database.writing() as db:
        definition = StudyDefinition(title="T", instructions="I", slug="again", conditions=CONDITIONS)
        again = create_study(db, definition, None, clock())
        workers = [Worker(id=-number, pseudonym=f"w{number}") for number in range(1, 200)]
        pairs = [tuple(condition_for(db, one, worker, keyring) for one in (study, again)) for worker in workers]
    same = sum(first == second for first, second in pairs)
    assert 0.2 < same / len(pairs) < 0.6  # 0.38 if the two know nothing of each other


def test_a_study_without_conditions_gives_none(database: Database, keyring: Keyring, clock: FakeClock) -> None:
    with database.writing() as db:
        study = create_study(db, StudyDefinition(title="T", instructions="I"), None, clock())
        add_items(db, study, [ItemRow(key="a", text="A")])
        session: WritingSession = open_session(db, study, _assignment("a"), keyring, clock())
        assert session.condition is None

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import BadRequest, NotFound
from app.models import ActionState, Study, User, Worker, WorkerPerson
from app.payments.excluding import earlier_studies, exclude, is_excluded, readmit
from app.platforms import Assignment
from app.sessions.opening import open_session
from app.sessions.persons import NoWork
from app.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.payments.market import Market
from tests.sandbox.people import WorkerBrowser

SignUp = Callable[..., WorkerBrowser]


@pytest.fixture
def worker(market: Market, sign_up: SignUp) -> WorkerBrowser:
    worker = sign_up()
    hit = market.publish()[0]
    market.consent(worker, hit, worker.accept(hit))
    return worker


def second_study(market: Market, *, owner: int | None = None, **options: str) -> int:
    with market.database.writing() as db:
        definition = StudyDefinition(title="Second", instructions="x", platform_options=options)
        study = create_study(db, definition, db.get_one(User, owner or market.owner_id), market.time())
        add_items(db, study, [ItemRow(key="z", text="Z")])
        return study.id


def enter(market: Market, study_id: int, worker_id: str) -> int:
    with market.database.writing() as db:
        visit = Assignment(worker_id=worker_id, assignment_id=f"X{worker_id}")
        return open_session(db, db.get_one(Study, study_id), visit, market.keyring, market.time()).worker_id


def keep_out(market: Market, reason: str = "The same text twice.") -> None:
    with market.database.writing() as db:
        study, owner = db.get_one(Study, market.study_id), db.get_one(User, market.owner_id)
        exclude(db, study, db.scalars(select(Worker)).first(), owner, reason, market.time())  # type: ignore[arg-type]


def test_whoever_is_excluded_is_turned_away_from_all_studies_of_the_owner(
    market: Market, worker: WorkerBrowser
) -> None:
    keep_out(market)
    keep_out(market)
    second = second_study(market)
    with pytest.raises(NoWork, match="not open to you"):
        enter(market, second, worker.id)
    enter(market, second, "SOMEBODYELSE")


def test_another_owners_studies_are_not_touched(market: Market, worker: WorkerBrowser) -> None:
    keep_out(market)
    with market.database.writing() as db:
        other = User(email="p@example.org", name="Paul", password_hash="!", created_at=market.time())
        db.add(other)
        db.flush()
        other_id = other.id
    enter(market, second_study(market, owner=other_id), worker.id)


def test_the_platforms_id_is_nowhere_beside_the_person(market: Market, worker: WorkerBrowser) -> None:
    keep_out(market)
    with market.database.reading() as db:
        (person,) = db.scalars(select(WorkerPerson.person))
    assert worker.id.lower() not in person.lower()
    assert len(person) == 26


def test_the_marketplace_is_told_by_qualification_and_told_again_on_readmission(
    market: Market, worker: WorkerBrowser, requester: Any
) -> None:
    keep_out(market)
    (action,) = market.actions("exclude")
    assert market.send(action).state == ActionState.SENT
    assert market.send(action).state == ActionState.SENT
    (task,) = market.tasks()[1:]
    assert worker.try_to_accept(task.external_id).status_code != 303
    with market.database.writing() as db:
        study, owner = db.get_one(Study, market.study_id), db.get_one(User, market.owner_id)
        known = db.scalars(select(Worker)).one()
        readmit(db, study, known, owner, market.time())
        assert not is_excluded(db, known, owner)
        with pytest.raises(NotFound):
            readmit(db, study, known, owner, market.time())
    assert market.send(market.actions("readmit")[0]).state == ActionState.SENT
    assert worker.try_to_accept(task.external_id).status_code == 303


def test_the_same_person_is_recognised_across_studies(market: Market, worker: WorkerBrowser) -> None:
    here = enter(market, second_study(market), worker.id)
    with market.database.reading() as db:
        earlier = earlier_studies(db, db.get_one(Worker, here), db.get_one(User, market.owner_id))
    assert [study.slug for study in earlier] == ["night"]


@pytest.mark.parametrize("named", ["night other", "*"])
def test_a_study_can_refuse_the_workers_of_others(market: Market, worker: WorkerBrowser, named: str) -> None:
    second = second_study(market, not_from=named)
    with pytest.raises(NoWork, match="earlier study"):
        enter(market, second, worker.id)
    enter(market, second, "NEW")


def test_a_reason_is_needed(market: Market, worker: WorkerBrowser) -> None:
    with pytest.raises(BadRequest):
        keep_out(market, "  ")

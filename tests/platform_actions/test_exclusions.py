from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import ActionState, AuditEntry, Membership, PlatformAction, Study, User, Worker, WorkerPerson
from keytrail.platform_actions.exclusion_list import ExcludedWorker, list_exclusions
from keytrail.platform_actions.exclusion_states import PlatformExclusionState
from keytrail.platform_actions.exclusions import earlier_studies, exclude, is_excluded, readmit, readmit_person
from keytrail.platforms import Assignment
from keytrail.sessions.lifecycle import open_session
from keytrail.sessions.participation import NotEligible
from keytrail.sorted_pages import SortedPage
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.platform_actions.market import Market
from tests.sandbox.people import WorkerBrowser

SignUp = Callable[..., WorkerBrowser]


@pytest.fixture
def worker(market: Market, sign_up: SignUp) -> WorkerBrowser:
    worker = sign_up()
    hit = market.publish()[0]
    market.consent(worker, hit, worker.accept(hit))
    market.confirm_all()
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


def exclude_worker(market: Market, reason: str = "The same text twice.") -> None:
    with market.database.writing() as db:
        study, owner = db.get_one(Study, market.study_id), db.get_one(User, market.owner_id)
        exclude(db, study, db.scalars(select(Worker)).first(), owner, reason, market.time())  # type: ignore[arg-type]


def test_whoever_is_excluded_is_turned_away_from_all_studies_of_the_owner(
    market: Market, worker: WorkerBrowser
) -> None:
    exclude_worker(market)
    exclude_worker(market)
    second = second_study(market)
    with pytest.raises(NotEligible, match="not open to you"):
        enter(market, second, worker.id)
    enter(market, second, "SOMEBODYELSE")


def test_work_that_only_bears_an_id_keeps_nobody_out(market: Market, worker: WorkerBrowser) -> None:
    invented = market.consent("VICTIM", market.tasks()[1].external_id, "INVENTED")
    assert invented == "b"
    with market.database.writing() as db:
        study, owner = db.get_one(Study, market.study_id), db.get_one(User, market.owner_id)
        victim = db.scalars(select(Worker).order_by(Worker.id.desc())).first()
        assert victim is not None
        with pytest.raises(Conflict, match="has not confirmed"):
            exclude(db, study, victim, owner, "The text was pasted.", market.time())
    enter(market, second_study(market, not_from="night"), "VICTIM")


def test_another_owners_studies_are_not_touched(market: Market, worker: WorkerBrowser) -> None:
    exclude_worker(market)
    with market.database.writing() as db:
        other = User(
            email="p@example.org",
            name="Paul",
            password_hash="!",
            created_at=market.time(),
            may_create_studies=True,
            may_spend=True,
        )
        db.add(other)
        db.flush()
        other_id = other.id
    enter(market, second_study(market, owner=other_id), worker.id)


def test_the_platforms_id_is_nowhere_beside_the_person(market: Market, worker: WorkerBrowser) -> None:
    exclude_worker(market)
    with market.database.reading() as db:
        (person,) = db.scalars(select(WorkerPerson.person))
    assert worker.id.lower() not in person.lower()
    assert len(person) == 26


def test_the_marketplace_is_told_by_qualification_and_told_again_on_readmission(
    market: Market, worker: WorkerBrowser, requester: Any
) -> None:
    exclude_worker(market)
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


def readmit_worker(market: Market) -> PlatformAction | None:
    with market.database.writing() as db:
        study, owner = db.get_one(Study, market.study_id), db.get_one(User, market.owner_id)
        return readmit(db, study, db.scalars(select(Worker)).one(), owner, market.time())


def states(market: Market) -> list[tuple[str, str]]:
    with market.database.reading() as db:
        rows = db.execute(
            select(PlatformAction.kind, PlatformAction.state)
            .where(PlatformAction.kind.in_(("exclude", "readmit")))
            .order_by(PlatformAction.id)
        )
        return [(kind, state) for kind, state in rows]


@pytest.mark.usefixtures("worker")
class TestWhatWasNotSentYet:
    def test_is_taken_back_instead_of_asking_for_the_opposite_too(self, market: Market) -> None:
        exclude_worker(market)
        assert readmit_worker(market) is None
        assert states(market) == [("exclude", "cancelled")]

    def test_lifting_is_taken_back_where_the_platform_keeps_the_person_out_still(self, market: Market) -> None:
        exclude_worker(market)
        market.send(market.actions("exclude")[0])
        assert readmit_worker(market) is not None
        exclude_worker(market)
        assert states(market) == [("exclude", "sent"), ("readmit", "cancelled")]


@pytest.mark.usefixtures("worker")
def test_the_audit_log_says_who_was_kept_out_and_let_in(market: Market) -> None:
    exclude_worker(market, "Wrote twice")
    readmit_worker(market)
    with market.database.reading() as db:
        name = db.scalars(select(Worker.pseudonym)).one()
        entries = db.scalars(select(AuditEntry).where(AuditEntry.action.like("%worker%")).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.detail, entry.user_id) for entry in entries] == [
        ("keep worker out", {"worker": name, "reason": "Wrote twice"}, market.owner_id),
        ("let worker in", {"worker": name}, market.owner_id),
    ]


class TestTheList:
    def entries(self, market: Market, words: str = "") -> Sequence[ExcludedWorker]:
        with market.database.reading() as db:
            return list_exclusions(db, db.get_one(User, market.owner_id), words, SortedPage("-excluded", 50))[0]

    def test_names_every_study_and_what_the_platform_does(self, market: Market, worker: WorkerBrowser) -> None:
        enter(market, second_study(market), worker.id)
        exclude_worker(market)
        (entry,) = self.entries(market)
        assert [study.slug for study in entry.studies] == ["night", "second"]
        assert worker.id not in repr(entry)
        assert (entry.platform.state, entry.platform.study) == (PlatformExclusionState.WAITS, "night")
        market.send(market.actions("exclude")[0])
        (entry,) = self.entries(market)
        assert (entry.platform.state, entry.platform.since) == (PlatformExclusionState.IN_FORCE, market.time())

    @pytest.mark.usefixtures("worker")
    def test_what_was_cancelled_or_lifted_is_not_in_force(self, market: Market) -> None:
        exclude_worker(market)
        with market.database.writing() as db:
            db.scalars(
                select(PlatformAction).where(PlatformAction.kind == "exclude")
            ).one().state = ActionState.CANCELLED
        assert self.entries(market)[0].platform.state == PlatformExclusionState.NOT_ASKED

    def test_letting_in_goes_by_a_study_that_is_still_the_owners(self, market: Market, worker: WorkerBrowser) -> None:
        second = second_study(market)
        enter(market, second, worker.id)
        exclude_worker(market)
        market.send(market.actions("exclude")[0])
        with market.database.writing() as db:
            db.delete(db.get_one(Membership, (market.owner_id, market.study_id)))
        (entry,) = self.entries(market)
        assert ([study.slug for study in entry.studies], entry.left) == (["second"], 1)
        with market.database.writing() as db:
            action = readmit_person(db, entry.id, db.get_one(User, market.owner_id), market.time())
            assert action is not None
            assert action.study_id == second
        assert self.entries(market) == []

    @pytest.mark.usefixtures("worker")
    def test_without_a_study_only_the_exclusion_here_ends(self, market: Market) -> None:
        exclude_worker(market)
        with market.database.writing() as db:
            db.delete(db.get_one(Membership, (market.owner_id, market.study_id)))
            db.flush()
            (entry,), _ = list_exclusions(db, db.get_one(User, market.owner_id), "", SortedPage("-excluded", 50))
            assert readmit_person(db, entry.id, db.get_one(User, market.owner_id), market.time()) is None
        assert self.entries(market) == []
        assert states(market) == [("exclude", "queued")]


def test_the_same_person_is_recognised_across_studies(market: Market, worker: WorkerBrowser) -> None:
    here = enter(market, second_study(market), worker.id)
    with market.database.reading() as db:
        earlier = earlier_studies(db, db.get_one(Worker, here), db.get_one(User, market.owner_id))
    assert [study.slug for study in earlier] == ["night"]


@pytest.mark.parametrize("named", ["night other", "*"])
def test_a_study_can_refuse_the_workers_of_others(market: Market, worker: WorkerBrowser, named: str) -> None:
    second = second_study(market, not_from=named)
    with pytest.raises(NotEligible, match="earlier study"):
        enter(market, second, worker.id)
    enter(market, second, "NEW")


def test_a_reason_is_needed(market: Market, worker: WorkerBrowser) -> None:
    with pytest.raises(BadRequest):
        exclude_worker(market, "  ")

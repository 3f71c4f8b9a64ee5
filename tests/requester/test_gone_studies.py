"""Studies that were deleted or given away: what was open, planned or under way neither acts, nor leaks, nor fails."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from keytrail.child_process import InProcessHelper
from keytrail.errors import NotFound
from keytrail.models import (
    ActionKind,
    ActionState,
    EventBatch,
    Exclusion,
    Item,
    JobKind,
    Membership,
    MessageKind,
    PlatformAction,
    Role,
    Submission,
    User,
    Worker,
    WorkerPerson,
    WritingSession,
)
from keytrail.notifications.outbox import put
from keytrail.notifications.sending import Transport, send_due
from keytrail.notifications.targets import EventChoice, add_webhook
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.reconciliation import Reconciler
from keytrail.platform_actions.tasks import TaskReport
from keytrail.review.analysis.analyst import Analyst
from keytrail.review.analysis.background import examined
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study, study_by_slug
from keytrail.synthetic.training import jobs
from keytrail.users.scopes import SCOPES
from tests.requester.site import ORIGIN, Site
from tests.requester.test_access import BY_LINK, OPEN, audience, routes
from tests.requester.test_access_matrix import CREATORS, OPERATORS, OWN, House, asked, house
from tests.worker.visitor import Visitor as WorkersBrowser

__all__ = ["house"]

TEXT, TITLE = "Somebody's text.", "Night light"


def delete(site: Site, slug: str = "night") -> None:
    answer = site.visitor("olivia").post(f"/studies/{slug}/delete", confirm=slug)
    assert answer.headers.get("location") == "/?deleted=1", answer.text[-2000:]


def succeed(site: Site, owner: str = "otto") -> int:
    """Somebody else's study under the address of the deleted one; its id."""
    with site.database.writing() as db:
        definition = StudyDefinition(title="Successor", slug="night", instructions="Write.", minimum_words=1)
        study = create_study(db, definition, db.get_one(User, site.people[owner]), site.clock())
        add_items(db, study, [ItemRow(key=key, title="", text=text) for key, text in site.items.items()])
        return study.id


def answers(house: House, name: str) -> dict[tuple[str, str], int]:
    """What every page, form and read of the study is answered, for one person with browser and token."""
    site, found = house.site, {}
    for method, path in routes(site.app):
        if audience(path) == "requester" and path not in OPEN | BY_LINK | OWN | CREATORS | OPERATORS:
            found[method, path] = house.ask(house.visitors[name], method, path)[0]
        elif audience(path) == "program" and "{" in path:
            found[method, path] = asked(house, method, path, house.tokens[name, tuple(SCOPES)])
    return found


def own_pages(house: House, name: str) -> str:
    """All that a person's own pages hold, which list and search over studies."""
    visitor = house.visitors[name]
    paths = ["/", "/archive", "/excluded-workers", "/prevalence", "/power", "/account", "/live?study=night"]
    paths += [f"/{where}?q={what}" for where in ("find", "search") for what in ("night", "Somebody", house.submission)]
    pages = [visitor.get(path) for path in paths]
    tokens = {"authorization": f"Bearer {house.tokens[name, tuple(SCOPES)]}"}
    pages += [house.site.visitor().client.get(f"/api/v1/{end}", headers=tokens) for end in ("studies", "prevalence")]
    assert [page.status_code for page in pages if page.status_code >= 500] == []
    return "".join(page.text for page in pages)


@pytest.mark.parametrize("address", ["free", "taken"])
def test_every_page_and_form_of_a_deleted_study_is_gone(house: House, address: str) -> None:
    delete(house.site)
    if address == "taken":
        succeed(house.site)
    for name in ("olivia", "rafael", "vera", "remo"):
        assert {key: status for key, status in answers(house, name).items() if status != 404} == {}
    if address == "free":
        assert {key: status for key, status in answers(house, "otto").items() if status != 404} == {}
    for name in ("olivia", "rafael", "vera", "otto"):
        shown = own_pages(house, name)
        assert TEXT not in shown
        assert TITLE not in shown


def test_a_study_that_was_given_away_is_gone_for_its_former_owner(house: House) -> None:
    site = house.site
    site.exclude_worker(house.worker, "Two accounts")
    olivia = house.visitors["olivia"]
    given = olivia.post("/studies/night/manage/transfer", person=str(site.people["rafael"]), keep="")
    assert given.headers["location"] == "/"
    assert {key: status for key, status in answers(house, "olivia").items() if status != 404} == {}
    shown = own_pages(house, "olivia")
    assert TEXT not in shown
    assert TITLE not in shown
    assert "/studies/night" not in shown


def worker_at(site: Site, ids: str) -> WorkersBrowser:
    client = TestClient(site.app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False)
    visitor = WorkersBrowser(client, "night", {"workerId": f"W{ids}", "assignmentId": f"A{ids}", "hitId": "H1"})
    visitor.accept()
    return visitor


def everything_sent(visitor: WorkersBrowser) -> list[tuple[int, str]]:
    """What the scripts and the forms of a worker's page can send, and what they are answered."""
    client, base = visitor.client, {"v": 1, "ticket": visitor.ticket}
    events = [[0, "E", {"v": "1.0"}], [0, "i", "empty", 0, 2166136261], [9, "e", 0, 0, "a", "insertText", 2]]
    programs: dict[str, Any] = {
        "events": {"seq": 0, "perf": 1.0, "wall": 1.7e12, "events": events},
        "submission": {"text": "three short words"},
        "draft": {},
        "withdrawal": {},
    }
    found = [client.post(f"/api/worker/{end}", content=json.dumps(base | body)) for end, body in programs.items()]
    forms: dict[str, dict[str, str]] = {
        "submission": {"text": "three short words"}, "withdrawal": {}, "afterwards": {}, "source": {"link": "x"},
        "consent": {},
    }  # fmt: skip
    found += [client.post(f"/task/night/{end}", data={"ticket": visitor.ticket, **more}) for end, more in forms.items()]
    found.append(client.get("/task/night/copy", params={"key": visitor.ticket}))
    return [(answer.status_code, answer.text) for answer in found]


@pytest.mark.parametrize("address", ["free", "taken"])
def test_a_workers_open_page_of_a_deleted_study_writes_nowhere(site: Site, address: str) -> None:
    writing, asked_for_consent = worker_at(site, "1"), worker_at(site, "2")
    asked_for_consent.query = {"workerId": "W3", "assignmentId": "A3", "hitId": "H1"}
    asked_for_consent.open()
    site.clock.advance(hours=5)
    delete(site)
    if address == "taken":
        succeed(site)
        worker_at(site, "4")
    before = rows_of_work(site)
    for visitor in (writing, asked_for_consent):
        for status, text in everything_sent(visitor):
            assert 400 <= status < 500, (status, text[:300])
            assert TITLE not in text
    assert rows_of_work(site) == before


def rows_of_work(site: Site) -> list[int]:
    with site.database.reading() as db:
        tables = (WritingSession, Worker, EventBatch, Submission)
        return [db.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


class TestWorkUnderWay:
    def test_an_analysis_is_stored_for_no_other_text(self, site: Site) -> None:
        """The next text must not get the report on the log of a text that was deleted meanwhile."""
        work = site.hand()
        work.hand.pastes("A long text that came from elsewhere. " * 5)
        work.submit(analysed=False)
        with site.database.reading() as db:
            (number,) = db.scalars(select(Submission.id))
        analyst = Analyst(site.database, InProcessHelper(site.database), site.clock, at_once=True)

        def meanwhile() -> Any:
            found = examined(site.database, number)
            assert found is not None
            delete(site)
            succeed(site)
            other = site.hand()
            other.hand.types("Written by hand.")
            other.submit(analysed=False)
            return found

        assert analyst.conclude(number, meanwhile) is None
        with site.database.reading() as db:
            (other,) = db.scalars(select(Submission))
        assert (other.verdict, other.id != number) == (None, True)

    def test_a_training_goes_on_in_no_other_study(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        went_on: list[str] = []
        with site.database.writing() as db:
            study, olivia = study_by_slug(db, "night"), db.get_one(User, site.people["olivia"])
            job = jobs.begin_job(db, study, olivia, JobKind.TRAINING, site.clock())
            study_id, run = study.id, job.run

        def meanwhile(*_arguments: Any) -> None:
            delete(site)
            succeed(site)

        monkeypatch.setattr(jobs, "_generate", meanwhile)
        for step in ("compare_submissions", "train_study", "score_study"):
            monkeypatch.setattr(jobs, step, lambda _database, slug, *_, **__: went_on.append(slug))
        plan = jobs.JobPlan(JobKind.TRAINING, order=jobs.ReferenceOrder(None, "http://127.0.0.1:1", ""))  # type: ignore[arg-type]
        jobs.run_job(site.database, study_id, run, site.clock, plan)
        assert went_on == []

    @pytest.mark.parametrize("when", ["before", "meanwhile"])
    def test_a_comparison_ends_with_a_sentence(self, site: Site, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
        with site.database.writing() as db:
            study = study_by_slug(db, "night")
            study.platform, study.platform_options = "prolific", {"study_id": "S"}
            study_id = study.id
        settings = site.app.state.services.settings
        reconciler = Reconciler(site.database, Connections(settings), site.keyring, site.clock)

        def meanwhile(_self: Reconciler, own_id: str) -> Any:
            delete(site)
            return TaskReport(own_id, "ACTIVE", 5), []

        monkeypatch.setattr(Reconciler, "_at_prolific", meanwhile)
        if when == "before":
            delete(site)
        with pytest.raises(NotFound, match="deleted meanwhile"):
            reconciler.compare(study_id)

    def test_a_message_on_its_way_is_not_repeated(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        with site.database.writing() as db:
            study, olivia = study_by_slug(db, "night"), db.get_one(User, site.people["olivia"])
            target = add_webhook(
                db, study, "https://hooks.example/", EventChoice([MessageKind.PAYMENTS]), olivia, site.clock()
            )
            db.flush()
            for _ in range(2):
                put(db, target, MessageKind.PAYMENTS, {"waiting": 1}, site.clock())
        sent: list[object] = []

        def meanwhile(_self: Transport, message: object, _now: object) -> str:
            sent.append(message)
            delete(site)
            return "204"

        monkeypatch.setattr(Transport, "send", meanwhile)
        transport = Transport(site.app.state.services.settings, site.keyring)
        assert send_due(site.database, site.clock, transport) == 1
        site.clock.advance(days=1)
        assert send_due(site.database, site.clock, transport) == 0
        assert len(sent) == 1

    def test_a_message_is_not_taken_for_one_that_was_removed_on_its_way(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def told() -> int:
            with site.database.writing() as db:
                study, olivia = study_by_slug(db, "night"), db.get_one(User, site.people["olivia"])
                choice = EventChoice([MessageKind.PAYMENTS])
                target = add_webhook(db, study, "https://hooks.example/", choice, olivia, site.clock())
                db.flush()
                put(db, target, MessageKind.PAYMENTS, {"waiting": 1}, site.clock())
                return target.id

        first, sent = told(), []

        def meanwhile(_self: Transport, message: object, _now: object) -> str:
            sent.append(message)
            if len(sent) == 1:
                site.visitor("olivia").post("/studies/night/notifications/remove", target=str(first))
                told()
            return "204"

        monkeypatch.setattr(Transport, "send", meanwhile)
        transport = Transport(site.app.state.services.settings, site.keyring)
        assert send_due(site.database, site.clock, transport) == 2
        assert len(sent) == 2

    def test_the_number_of_a_removed_item_is_never_given_out_again(self, site: Site) -> None:
        numbers = []
        for key in "xy":
            with site.database.writing() as db:
                study = study_by_slug(db, "night")
                add_items(db, study, [ItemRow(key=key, title="", text="Another text.")])
                item = db.scalars(select(Item).where(Item.key == key)).one()
                numbers.append(item.id)
                db.delete(item)
        assert numbers[0] < numbers[1]


class TestExcludedWorkers:
    """Of an owner in whose two studies one person took part, one of which the owner has given away."""

    @pytest.fixture
    def names(self, house: House) -> list[str]:
        site = house.site
        with site.database.writing() as db:
            definition = StudyDefinition(title="Kept", slug="kept", instructions="Write.", minimum_words=1)
            kept = create_study(db, definition, db.get_one(User, site.people["olivia"]), site.clock())
            add_items(db, kept, [ItemRow(key=key, title="", text=text) for key, text in site.items.items()])
        site.slug = "kept"
        work = site.hand()
        work.hand.types("More text.")
        work.submit()
        site.slug = "night"
        olivia = site.people["olivia"]
        with site.database.writing() as db:
            first, second = db.scalars(select(Worker).order_by(Worker.id)).all()
            for worker in (first, second):
                db.add(WorkerPerson(worker_id=worker.id, owner_id=olivia, person="P"))
            night = study_by_slug(db, "night")
            times = {"created_at": site.clock()}
            db.add(Exclusion(owner_id=olivia, person="P", study_id=night.id, reason="Two accounts", **times))
            values: dict[str, Any] = {"kind": ActionKind.EXCLUDE, "token": "t", "queued_at": site.clock()}
            db.add(PlatformAction(study_id=night.id, worker_id=first.id, currency="USD", **values))
            db.add(Membership(user_id=site.people["otto"], study_id=night.id, role=Role.OWNER))
            db.delete(db.get_one(Membership, (olivia, night.id)))
            return [first.pseudonym, second.pseudonym]

    def test_of_a_study_that_was_given_away_name_it_no_more(self, house: House, names: list[str]) -> None:
        olivia = house.site.visitor("olivia")
        for page in (olivia.page("/excluded-workers"), olivia.page(f"/studies/kept/workers/{names[1]}")):
            assert TITLE not in page
            assert "/studies/night" not in page
            assert names[0] not in page

    def test_change_nothing_that_waits_in_a_study_of_somebody_else(self, house: House, names: list[str]) -> None:
        olivia = house.site.visitor("olivia")
        assert olivia.post(f"/studies/kept/workers/{names[1]}/readmit").is_redirect
        with house.site.database.reading() as db:
            night = study_by_slug(db, "night").id
            (action,) = db.scalars(select(PlatformAction).where(PlatformAction.study_id == night))
            assert action.state == ActionState.QUEUED
            assert db.scalars(select(Exclusion)).all() == []

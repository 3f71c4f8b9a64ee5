"""Every action that spends money, by page, command and use case: required rights, and budget limits."""

import threading
from dataclasses import dataclass
from datetime import timedelta

import pytest
import typer
from fastapi.routing import iter_route_contexts
from httpx2 import Response
from sqlalchemy import select
from typer.testing import CliRunner

from keytrail.cli import app as commands
from keytrail.errors import Conflict, DomainError, Forbidden
from keytrail.models import (
    ActionKind,
    ActionState,
    AssignmentIdentity,
    Item,
    Membership,
    PlatformAction,
    PlatformAssignment,
    PlatformTask,
    Role,
    Submission,
    User,
    Worker,
    WorkerPerson,
    WritingSession,
)
from keytrail.platform_actions.installation_budget import set_installation_budget
from keytrail.platform_actions.kinds import COMMITTING
from keytrail.platform_actions.ledger import committed
from keytrail.platform_actions.outbox import Order, claim, get_action, queue
from keytrail.platform_actions.publication import set_budget
from keytrail.studies import study_by_slug
from tests.platform_actions.sending import confirmed
from tests.requester.conftest import site
from tests.requester.site import ORIGIN, Site, words_of

__all__ = ["site"]

HOME = "/studies/{slug}"
OFFER = {"title": "T", "description": "D", "assignments": "2", "days": "3", "auto_approve_days": "7"}
# What only stops money from being spent is for every owner; all else that goes out needs the right.
ENDING = {ActionKind.PAUSE, ActionKind.EXPIRE}
# Only where a study is drafted at its platform, which Mechanical Turk's is not: see test_recruitment.
DRAFTING_FORMS = {f"{HOME}/platform/{step}" for step in ("draft", "launch", "pause", "resumption", "trial")}
# Every form of the two pages is one or the other: a new one has to be sorted in here.
SPENDING_FORMS = {
    f"{HOME}/platform/publication",
    f"{HOME}/platform/extension",
    f"{HOME}/payments/sending",
    f"{HOME}/payments/again",
    f"{HOME}/payments/done",
    f"{HOME}/payments/done-list",
    f"{HOME}/payments/bonus",
    f"{HOME}/payments/unmatched",
}
OTHER_FORMS = {
    f"{HOME}/platform/options",
    f"{HOME}/platform/check",
    f"{HOME}/platform/budget",
    f"{HOME}/platform/preview",
    f"{HOME}/platform/expiry",
    f"{HOME}/platform/links",
    *DRAFTING_FORMS,
    f"{HOME}/payments/choice",
    f"{HOME}/payments/places",
    f"{HOME}/payments/preview",
    f"{HOME}/payments/list",
    f"{HOME}/payments/cancelled",
    f"{HOME}/payments/feedback",
    f"{HOME}/payments/message",
    f"{HOME}/payments/exclusion",
    f"{HOME}/payments/comparison",
}
SETTLING_COMMANDS = {"return", "part-pay", "screen-out", "reject"}
SPENDING_COMMANDS = {
    "mturk": {"publish", "extend", "approve", "reject", "bonus", "message", "qualify"},
    "prolific": {"draft", "publish", "extend", "resume", "test", "approve", "bonus", "message", "exclude", "subscribe"}
    | SETTLING_COMMANDS,
    "connect": {"draft", "publish", "extend", "resume", "approve", "reject", "bonus", "message", "exclude"},
    "payments": {"send", "settle", "done"},
}
OTHER_COMMANDS = {
    "mturk": {"status", "expire", "sync"},
    "prolific": {"status", "pause", "stop", "sync"},
    "connect": {"status", "pause", "stop", "sync"},
    "payments": {"list", "preview", "cancel"},
}
# Nadia was invited as an owner, and has no rights in the installation.
EACH_COMMAND = sorted((group, command) for group, names in SPENDING_COMMANDS.items() for command in names)
REFUSED = ("nadia", "rafael", "vera", "otto")


@dataclass
class Till:
    """A study with one action of every kind that spends money; `actions` are the waiting ones, by kind."""

    site: Site
    submission: str
    worker: str
    assignment: int
    unsure: int
    actions: dict[ActionKind, int]

    def moved(self) -> set[tuple[int, str, str]]:
        """Everything that commits money or has left the queue."""
        with self.site.database.reading() as db:
            rows = db.execute(select(PlatformAction.id, PlatformAction.kind, PlatformAction.state))
            left = {"queued", "cancelled"}
            return {(n, str(kind), str(state)) for n, kind, state in rows if kind in COMMITTING or state not in left}

    def fields(self, path: str) -> dict[str, str | list[str]]:
        forms: dict[str, dict[str, str | list[str]]] = {
            "publication": {**OFFER},
            "extension": {"hit": "H1", "more": "1"},
            "sending": {"pick": [str(number) for kind, number in self.actions.items() if kind not in ENDING]},
            "again": {"action": str(self.unsure)},
            "done": {"pick": str(self.actions[ActionKind.BONUS])},
            "done-list": {},
            "bonus": {"submission": self.submission, "amount": "1.00", "reason": "Thanks", "token": "f" * 32},
            "unmatched": {"number": str(self.assignment), "kind": "approve"},
        }
        return forms[path.rpartition("/")[2]]

    def arguments(self, group: str, command: str) -> list[str]:
        if group == "payments":
            return ["night", str(self.assignment if command == "settle" else self.actions[ActionKind.BONUS])]
        if group in {"prolific", "connect"}:
            told = ["--reason", "Words.", "--yes"]
            return {
                "extend": ["night", "1", "--yes"],
                "publish": ["night", "--yes"],
                "return": ["night", self.submission, *told],
                "part-pay": ["night", self.submission, "50", *told],
                "screen-out": ["night", self.submission, "--yes"],
                "reject": ["night", self.submission, *told, *(["--category", "OTHER"] if group == "prolific" else [])],
                "bonus": ["night", self.submission, "1.00", "Thanks", "--yes"],
                "message": ["night", self.submission, "Hello", "A text.", "--yes"],
                "exclude": ["night", self.worker, "--reason", "Tests"],
            }.get(command, ["night"])
        return {
            "publish": ["night", "--yes"],
            "extend": ["night", "H1", "1", "--yes"],
            "approve": ["night"],
            "reject": ["night", self.submission],
            "bonus": ["night", self.submission, "1.00", "Thanks", "--yes"],
            "message": ["night", self.submission, "Hello", "A text.", "--yes"],
            "qualify": ["night", self.worker, "--reason", "Tests"],
        }[command]

    def user_id(self, name: str | None) -> int | None:
        return None if name is None else self.site.people[name]

    def claim(self, kind: ActionKind, name: str | None) -> None:
        with self.site.database.writing() as db:
            action = get_action(db, study_by_slug(db, "night").id, self.actions[kind])
            claim(db, action, self.user_id(name), self.site.clock())

    def limit(self, which: str, cents: int) -> None:
        with self.site.database.writing() as db:
            if which == "study":
                set_budget(db, study_by_slug(db, "night"), cents)
            else:
                set_installation_budget(db, "USD", cents, None, self.site.clock())


@pytest.fixture
def till(site: Site) -> Till:
    work = site.hand()
    work.hand.types("Some text.")
    public_id = work.submit()
    now = site.clock()
    with site.database.writing() as db:
        study = study_by_slug(db, "night")
        study.reward_cents = 100
        nadia = User(email="nadia@example.org", name="Nadia", password_hash="!", created_at=now)
        db.add(nadia)
        db.flush()
        site.people = {**site.people, "nadia": nadia.id}
        db.add(Membership(user_id=nadia.id, study_id=study.id, role=Role.OWNER))
        submission = db.scalars(select(Submission)).one()
        session = db.get_one(WritingSession, submission.session_id)
        worker = db.get_one(Worker, session.worker_id)
        db.add(WorkerPerson(worker_id=worker.id, owner_id=nadia.id, person="P1"))
        db.add(AssignmentIdentity(session_id=session.id, assignment_id="A1", task_id="H1"))
        free = db.scalars(select(Item).where(Item.id != session.item_id)).first()
        assert free is not None
        task = PlatformTask(
            study_id=study.id, item_id=free.id, external_id="H1", status="Assignable", places=2, available=1, pending=0,
            completed=1, place_cents=120, expires_at=now + timedelta(days=3), published_at=now, synced_at=now,
        )  # fmt: skip
        unmatched = PlatformAssignment(
            study_id=study.id, pseudonym="unmatched", status="Submitted", clear_id="A9", heard_at=now
        )
        db.add_all([task, unmatched])
        db.flush()
        owner_id = site.people["olivia"]

        def order(kind: ActionKind, cents: int = 10) -> int:
            wanted = Order(
                kind, submission_id=submission.id, worker_id=worker.id, item_id=session.item_id, task_id=task.id,
                amount_cents=cents, reason="Words.", parameters={"subject": "S"},
            )  # fmt: skip
            return queue(db, study, wanted, owner_id, now).id

        actions = {kind: order(kind) for kind in ActionKind}
        unsure = order(ActionKind.MESSAGE, 0)
        db.get_one(PlatformAction, unsure).state = ActionState.UNSURE
        return Till(site, public_id, worker.pseudonym, unmatched.id, unsure, actions)


class TestUseCases:
    @pytest.mark.parametrize("kind", ActionKind)
    @pytest.mark.parametrize("name", [*REFUSED, None])
    def test_refuse_whoever_may_not_and_say_who_can_help(self, till: Till, kind: ActionKind, name: str | None) -> None:
        if name == "nadia" and kind in ENDING:
            till.claim(kind, name)
            return
        with pytest.raises(Forbidden, match=r"Ask Olivia \(olivia@example.org\) to do it"):
            till.claim(kind, name)

    @pytest.mark.parametrize("kind", ActionKind)
    def test_let_an_owner_with_the_right_pass(self, till: Till, kind: ActionKind) -> None:
        till.claim(kind, "olivia")

    @pytest.mark.parametrize("kind", ActionKind)
    @pytest.mark.parametrize("which", ["study", "installation"])
    def test_stop_at_either_budget_but_never_the_pay_for_work_that_is_done(
        self, till: Till, kind: ActionKind, which: str
    ) -> None:
        till.limit(which, 240 + 9)
        if kind not in COMMITTING:
            till.claim(kind, "olivia")
            return
        with pytest.raises(Conflict, match=r"commit 0\.10 USD.*\(0\.09 USD\).*(An owner|the operator of this server)"):
            till.claim(kind, "olivia")
        till.limit(which, 240 + 10)
        till.claim(kind, "olivia")

    def test_a_right_that_was_taken_away_is_gone_at_once(self, till: Till) -> None:
        with till.site.database.writing() as db:
            db.get_one(User, till.site.people["olivia"]).may_spend = False
        with pytest.raises(Forbidden, match="the operator of this server to give you this right"):
            till.claim(ActionKind.APPROVE, "olivia")

    def test_ordering_what_commits_money_takes_the_right_already(self, till: Till) -> None:
        for kind in COMMITTING:
            with till.site.database.writing() as db, pytest.raises(Forbidden):
                queue(db, study_by_slug(db, "night"), Order(kind), till.user_id("nadia"), till.site.clock())


class TestTheInstallationsBudget:
    def test_counts_all_studies_and_what_their_items_removal_hides(self, till: Till) -> None:
        till.claim(ActionKind.BONUS, "olivia")
        with till.site.database.writing() as db:
            action = db.get_one(PlatformAction, till.actions[ActionKind.PUBLISH])
            action.state, action.amount_cents = ActionState.SENT, 240
        now = till.site.clock()
        with till.site.database.reading() as db:
            assert committed(db, now) == {"USD": 240 + 10}
        with till.site.database.writing() as db:
            db.delete(db.scalars(select(Item).join(PlatformTask, PlatformTask.item_id == Item.id)).one())
        with till.site.database.reading() as db:
            assert committed(db, now) == {"USD": 240 + 10}

    @pytest.mark.parametrize("which", ["study", "installation"])
    def test_two_at_once_do_not_exceed_it(self, till: Till, which: str) -> None:
        till.limit(which, 240 + 10)
        kinds, stopped = (ActionKind.BONUS, ActionKind.EXTEND), []
        together = threading.Barrier(len(kinds))

        def send(kind: ActionKind) -> None:
            together.wait()
            try:
                till.claim(kind, "olivia")
            except Conflict as refused:
                stopped.append(refused.error_code)

        threads = [threading.Thread(target=send, args=(kind,)) for kind in kinds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert stopped == ["over_budget" if which == "study" else "over_installation_budget"]

    def test_another_currency_is_no_way_round_it(self, till: Till) -> None:
        till.limit("installation", 1000)
        with till.site.database.writing() as db:
            study = study_by_slug(db, "night")
            study.currency = "JPY"
        till.claim(ActionKind.BONUS, "olivia")
        with till.site.database.reading() as db:
            assert committed(db, till.site.clock()) == {"USD": 240 + 10}
        with till.site.database.writing() as db:
            study_by_slug(db, "night").platform = "prolific"
        with pytest.raises(Conflict, match=r"JPY.*\(0\.00 JPY\)"):
            till.claim(ActionKind.EXTEND, "olivia")

    def test_stops_publishing_as_a_whole_with_both_amounts_on_the_preview(self, till: Till) -> None:
        till.limit("installation", 240 + 479)
        olivia = till.site.visitor("olivia")
        with till.site.database.writing() as db:
            for action in db.scalars(select(PlatformAction).where(PlatformAction.kind == ActionKind.PUBLISH)):
                action.state = ActionState.CANCELLED
        before = till.moved()
        shown = olivia.post("/studies/night/platform/preview", **OFFER).text
        assert "4.79 USD" in shown
        assert "publish-now" not in shown
        answer = olivia.post("/studies/night/platform/publication", **OFFER)
        assert (answer.status_code, "the operator of this server to raise it" in answer.text) == (409, True)
        assert till.moved() == before


class TestPages:
    def test_every_form_is_sorted(self, site: Site) -> None:
        posted = {
            found.path
            for found in iter_route_contexts(site.app.routes)
            if "POST" in (found.methods or ())
            and (found.path or "").startswith((f"{HOME}/platform", f"{HOME}/payments"))
        }
        assert posted == SPENDING_FORMS | OTHER_FORMS

    @pytest.mark.parametrize("path", sorted(SPENDING_FORMS))
    def test_refuse_whoever_may_not(self, till: Till, path: str) -> None:
        before = till.moved()
        for name in REFUSED:
            answer = self.post(till, name, path, till.fields(path))
            assert answer.status_code == (404 if name == "otto" else 403), name
            assert till.moved() == before, name
            if name == "nadia":
                assert "Ask Olivia (olivia@example.org) to do it" in answer.text

    @pytest.mark.parametrize("path", sorted(SPENDING_FORMS))
    def test_do_something_for_an_owner_with_the_right(self, till: Till, path: str) -> None:
        if path.endswith("/publication"):
            with till.site.database.writing() as db:
                db.get_one(PlatformAction, till.actions[ActionKind.PUBLISH]).state = ActionState.CANCELLED
        before, actions = till.moved(), self.count(till)
        fields = till.fields(path)
        if path.endswith("/sending"):
            shown = till.site.visitor("olivia").post("/studies/night/payments/preview", **fields).text
            fields = confirmed(shown)
        answer = self.post(till, "olivia", path, fields)
        assert answer.status_code == 303, answer.text
        assert (till.moved(), self.count(till)) != (before, actions)

    def post(self, till: Till, name: str, path: str, fields: dict[str, str | list[str]]) -> Response:
        """The form with its fields, or with its file."""
        visitor, address = till.site.visitor(name), path.format(slug="night")
        if not path.endswith("/done-list"):
            return visitor.post(address, **fields)
        listed = f"action_number\n{till.actions[ActionKind.BONUS]}\n".encode()
        return visitor.client.post(address, files={"file": ("done.csv", listed)}, headers={"origin": ORIGIN})

    def count(self, till: Till) -> int:
        with till.site.database.reading() as db:
            return len(db.scalars(select(PlatformAction.id)).all())

    def test_say_why_beside_what_a_budget_stopped(self, till: Till) -> None:
        till.limit("study", 0)
        olivia = till.site.visitor("olivia")
        shown = olivia.post("/studies/night/payments/preview", pick=str(till.actions[ActionKind.BONUS])).text
        assert "more than the budget of the study" in words_of(shown)
        answer = olivia.post("/studies/night/payments/sending", **confirmed(shown))
        page = olivia.context(answer.headers["location"])
        assert page.told == "0 sent. 1 not sent: the list shows the reason for each."
        (line,) = [line for line in page.waiting.lines if line.kind == "bonus"]
        assert "more than the budget of this study has left" in line.outcome

    @pytest.mark.parametrize("page", ["platform", "payments"])
    @pytest.mark.parametrize(
        "query", ["told=Pay+at+evil.example", "told=sent&done=Pay+here", "told=sent&done=%C2%B2", "told=__class__"]
    )
    def test_say_their_own_words_only(self, till: Till, page: str, query: str) -> None:
        olivia = till.site.visitor("olivia")
        assert olivia.context(f"/studies/night/{page}?{query}").told in {"", "0 sent."}
        assert "evil.example" not in olivia.page(f"/studies/night/{page}?{query}")


class TestCommands:
    def run(self, till: Till, group: str, command: str, by: str) -> DomainError | None:
        settings = till.site.app.state.services.settings
        environment = {"KEYTRAIL_DATA_DIR": str(settings.data_dir), "KEYTRAIL_DATABASE_URL": settings.database_url}
        arguments = [group, command, *till.arguments(group, command), "--by", f"{by}@example.org"]
        done = CliRunner().invoke(commands, arguments, env=environment)
        assert done.exception is None or isinstance(done.exception, DomainError), done.exception
        return done.exception

    def test_every_command_is_sorted(self) -> None:
        groups = typer.main.get_command(commands).commands  # type: ignore[attr-defined]  # a group has them
        for group, spending in SPENDING_COMMANDS.items():
            assert set(groups[group].commands) == spending | OTHER_COMMANDS[group]

    @pytest.mark.parametrize(("group", "command"), EACH_COMMAND)
    def test_refuse_whoever_may_not(self, till: Till, group: str, command: str) -> None:
        before = till.moved()
        for name in REFUSED:
            refused = self.run(till, group, command, name)
            assert refused is not None, name
            assert till.moved() == before, name
            if name == "nadia":
                assert "Ask Olivia (olivia@example.org) to do it" in refused.message

    @pytest.mark.parametrize(("group", "command"), [("mturk", "bonus"), ("payments", "done"), ("mturk", "extend")])
    def test_do_something_for_an_owner_with_the_right(self, till: Till, group: str, command: str) -> None:
        before = till.moved()
        refused = self.run(till, group, command, "olivia")
        assert refused is None or "not sent" in refused.message
        assert till.moved() != before

"""A study with one action of every kind, for the tests of who may spend money and how much."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

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
from keytrail.platform_actions.outbox import Order, claim, get_action, queue
from keytrail.platform_actions.publication import set_budget
from keytrail.studies import study_by_slug
from tests.requester.site import Site

HOME = "/studies/{slug}"
OFFER = {"title": "T", "description": "D", "assignments": "2", "days": "3", "auto_approve_days": "7"}
# What only stops money from being spent is for every owner; all else that goes out needs the right.
ENDING = {ActionKind.PAUSE, ActionKind.EXPIRE}
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
            "sending": {
                "pick": [
                    *(str(number) for kind, number in self.actions.items() if kind not in ENDING),
                    str(self.unsure),
                ],
                "again": "yes",
            },
            "done": {"pick": str(self.actions[ActionKind.BONUS])},
            "done-list": {},
            "bonus": {"submission": self.submission, "amount": "1.00", "reason": "Thanks", "token": "f" * 32},
            "comparison": {},
            "unmatched": {"number": str(self.assignment), "kind": "approve"},
        }
        return forms[path.rpartition("/")[2]]

    def arguments(self, group: str, command: str) -> list[str]:
        if group == "payments":
            return ["night", str(self.assignment if command == "settle" else self.actions[ActionKind.BONUS])]
        if group in {"prolific", "connect"}:
            reason_options = ["--reason", "Words.", "--yes"]
            return {
                "extend": ["night", "1", "--yes"],
                "publish": ["night", "--yes"],
                "return": ["night", self.submission, *reason_options],
                "part-pay": ["night", self.submission, "50", *reason_options],
                "screen-out": ["night", self.submission, "--yes"],
                "reject": [
                    "night",
                    self.submission,
                    *reason_options,
                    *(["--category", "OTHER"] if group == "prolific" else []),
                ],
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

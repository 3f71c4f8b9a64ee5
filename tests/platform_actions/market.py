"""A Keytrail database beside a running sandbox, with short functions for actions at both."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import Item, PlatformAction, PlatformTask, Study, Submission, User, WritingSession
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.publication import Offer, queue_publication
from keytrail.platform_actions.reconciliation import Reconciler
from keytrail.platform_actions.sender import Sender, SendResult
from keytrail.platforms import Assignment
from keytrail.review.judging.decisions import DecisionInput, decide
from keytrail.review.queue.submissions import submission_and_role
from keytrail.sessions.confirmation import confirm
from keytrail.sessions.lifecycle import open_session
from keytrail.sessions.submission import Answer, submit
from keytrail.settings import Settings
from tests.sandbox.people import WorkerBrowser
from tests.sandbox.running import Time

TASK_URL = "https://keytrail.example/task/night?a=1&b=<2>"
OFFER = Offer(title="Summarise", description="Read and write.", assignments=2, days=3)


@dataclass
class Market:
    """One study of two items, its owner, and everything that sends."""

    database: Database
    keyring: Keyring
    time: Time
    settings: Settings
    study_id: int
    owner_id: int

    @property
    def sender(self) -> Sender:
        """A fresh one, as after a restart."""
        return Sender(self.database, Connections(self.settings), self.keyring, self.time)

    @property
    def reconciler(self) -> Reconciler:
        return Reconciler(self.database, Connections(self.settings), self.keyring, self.time)

    def publish(self, offer: Offer = OFFER) -> list[str]:
        """Publish every item; the HITs' ids in the order of the items."""
        with self.database.writing() as db:
            study = db.get_one(Study, self.study_id)
            ids = [a.id for a in queue_publication(db, study, offer, TASK_URL, self.owner_id, self.time())]
        sent = self.sender.send_all(self.study_id, ids, self.owner_id)
        assert [one.outcome for one in sent] == ["Published."] * len(ids)
        return [task.external_id for task in self.tasks()]

    def tasks(self) -> Sequence[PlatformTask]:
        with self.database.reading() as db:
            query = select(PlatformTask).where(PlatformTask.study_id == self.study_id)
            return db.scalars(query.order_by(PlatformTask.id)).all()

    def actions(self, kind: str = "") -> Sequence[PlatformAction]:
        with self.database.reading() as db:
            query = select(PlatformAction).where(PlatformAction.study_id == self.study_id)
            found = db.scalars(query.order_by(PlatformAction.id)).all()
            return [action for action in found if kind in {"", action.kind}]

    def consent(self, worker: WorkerBrowser | str, hit_id: str, assignment_id: str) -> str:
        """The worker agrees; the key of the item that the worker gets."""
        worker_id = worker if isinstance(worker, str) else worker.id
        visit = Assignment(worker_id=worker_id, assignment_id=assignment_id, task_id=hit_id)
        with self.database.writing() as db:
            session = open_session(db, db.get_one(Study, self.study_id), visit, self.keyring, self.time())
            return db.get_one(Item, session.item_id).key

    def confirm_all(self) -> None:
        """As a comparison would, had everybody handed in at the marketplace what is begun here."""
        with self.database.writing() as db:
            for session in db.scalars(select(WritingSession)):
                confirm(session, self.time())

    def write(self, worker: WorkerBrowser, hit_id: str) -> str:
        """Accept, agree, write, and hand in both here and at the marketplace; the submission's public id."""
        assignment_id = worker.accept(hit_id)
        self.consent(worker, hit_id, assignment_id)
        self.time.jump(minutes=5)
        with self.database.writing() as db:
            session = db.scalars(select(WritingSession).order_by(WritingSession.id.desc()).limit(1)).one()
            public_id = submit(db, session.id, Answer("Some words that were written."), self.time()).public_id
        assert worker.submit(assignment_id, receipt=public_id).status_code == 200
        return public_id

    def decide(self, public_id: str, kind: Any, reason: str = "no_typing") -> None:
        with self.database.writing() as db:
            owner = db.get_one(User, self.owner_id)
            submission, _ = submission_and_role(db, public_id, owner)
            decide(db, submission, owner, DecisionInput(kind, reason), self.time())

    def send(self, action: PlatformAction, *, again: bool = False) -> SendResult:
        return self.sender.send(self.study_id, action.id, self.owner_id, again=again)

    def submission_id(self, public_id: str) -> int:
        with self.database.reading() as db:
            return db.scalars(select(Submission.id).where(Submission.public_id == public_id)).one()


def credentials_file(folder: Path, access_key: str, secret_key: str) -> Path:
    path = folder / "aws-credentials"
    path.write_text(f"[default]\naws_access_key_id = {access_key}\naws_secret_access_key = {secret_key}\n")
    return path

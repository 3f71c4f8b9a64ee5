"""Tables of workers' identities at their platform: for owners only, never part of an ordinary export."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.exports.columns import Column, ColumnKind, Table
from keytrail.exports.formulas import not_a_formula
from keytrail.exports.selection import Selection
from keytrail.models import AssignmentIdentity, Study, Submission, Worker, WorkerIdentity, WritingSession
from keytrail.platform_actions.manual_list import ManualAction, manual_actions
from keytrail.platforms.money import decimal_text

_PORTION = 500


@dataclass(frozen=True)
class IdentityLink:
    """One writing session with the worker's pseudonym and the platform's ids."""

    worker: str
    platform: str
    platform_id: str | None
    assignment_id: str | None
    task_id: str | None
    receipt: str | None
    state: str
    submitted_at: datetime | None


def identity_links(db: Session, study: Study, worker: Worker | None = None) -> Iterator[IdentityLink]:
    """Yield every writing session of a study, or of one worker in it, oldest first."""
    last = 0
    while True:
        query = (
            select(
                WritingSession.id,
                Worker.pseudonym,
                WorkerIdentity.platform_worker_id,
                AssignmentIdentity.assignment_id,
                AssignmentIdentity.task_id,
                Submission.public_id,
                WritingSession.state,
                Submission.submitted_at,
            )
            .join(Worker, Worker.id == WritingSession.worker_id)
            .outerjoin(WorkerIdentity, WorkerIdentity.worker_id == Worker.id)
            .outerjoin(AssignmentIdentity, AssignmentIdentity.session_id == WritingSession.id)
            .outerjoin(Submission, Submission.session_id == WritingSession.id)
            .where(WritingSession.study_id == study.id, WritingSession.id > last)
            .order_by(WritingSession.id)
            .limit(_PORTION)
        )
        if worker is not None:
            query = query.where(WritingSession.worker_id == worker.id)
        rows = db.execute(query).all()
        for _, pseudonym, platform_id, assignment_id, task_id, receipt, state, submitted_at in rows:
            yield IdentityLink(
                pseudonym, study.platform, platform_id, assignment_id, task_id, receipt, str(state), submitted_at
            )
        if len(rows) < _PORTION:
            return
        last = rows[-1][0]


def amount_of(action: ManualAction) -> str | None:
    """Return the amount in the format of bulk forms; None for actions that move no money."""
    return decimal_text(action.amount_cents) if action.amount_cents else None


def _linked(db: Session, selection: Selection) -> Iterator[IdentityLink]:
    return identity_links(db, db.get_one(Study, selection.study_id))


def _waiting(db: Session, selection: Selection) -> Iterator[ManualAction]:
    return iter(manual_actions(db, db.get_one(Study, selection.study_id)))


LINKS: Table[IdentityLink] = Table(
    "links",
    "One row per writing session: which pseudonym and receipt belong to which ids at the platform.",
    (
        Column("worker", ColumnKind.TEXT, "Pseudonym in this study.", lambda r: r.worker),
        Column("platform", ColumnKind.TEXT, "The platform.", lambda r: r.platform),
        Column("platform_id", ColumnKind.TEXT, "The worker's id there.", lambda r: not_a_formula(r.platform_id)),
        Column("assignment_id", ColumnKind.TEXT, "The assignment's id.", lambda r: not_a_formula(r.assignment_id)),
        Column("task_id", ColumnKind.TEXT, "The task's id there.", lambda r: not_a_formula(r.task_id)),
        Column("receipt", ColumnKind.TEXT, "The submission's id here; empty without one.", lambda r: r.receipt),
        Column("state", ColumnKind.TEXT, "open, submitted or returned.", lambda r: r.state),
        Column("submitted_at", ColumnKind.MOMENT, "When the text came.", lambda r: r.submitted_at),
    ),
    _linked,
)

WAITING_ACTIONS: Table[ManualAction] = Table(
    "waiting-actions",
    "One row per action about a worker that waits, with the platform's ids.",
    (
        Column("action_number", ColumnKind.WHOLE, "The action's number here.", lambda r: r.number),
        Column("platform_id", ColumnKind.TEXT, "The worker's id there.", lambda r: not_a_formula(r.platform_id)),
        Column("assignment_id", ColumnKind.TEXT, "The assignment's id.", lambda r: not_a_formula(r.assignment_id)),
        Column("action", ColumnKind.TEXT, "What to do, such as approve or bonus.", lambda r: str(r.kind)),
        Column("amount", ColumnKind.TEXT, "What the worker gets, such as 1.50.", amount_of),
        Column("currency", ColumnKind.TEXT, "ISO 4217.", lambda r: r.currency if r.amount_cents else None),
        Column("message", ColumnKind.TEXT, "What the worker is told.", lambda r: not_a_formula(r.message)),
        Column("worker", ColumnKind.TEXT, "Pseudonym in this study.", lambda r: r.worker),
        Column("receipt", ColumnKind.TEXT, "The submission's id here.", lambda r: r.receipt),
    ),
    _waiting,
)

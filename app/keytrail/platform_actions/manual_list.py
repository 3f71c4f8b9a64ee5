"""The list of actions that a person performs manually at the platform, and its return as "done"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.errors import ImportFailed
from keytrail.models import (
    ActionKind,
    ActionState,
    AssignmentIdentity,
    PlatformAction,
    PlatformAssignment,
    Study,
    Submission,
    Worker,
    WorkerIdentity,
)
from keytrail.platform_actions.assignments import assignment_id_of
from keytrail.platform_actions.kinds import SETTLING
from keytrail.platform_actions.outbox import get_action, mark_done
from keytrail.studies.item_files import SheetTable

ABOUT_WORKERS = (*SETTLING, ActionKind.BONUS, ActionKind.MESSAGE, ActionKind.EXCLUDE, ActionKind.READMIT)
_WAITING = (ActionState.QUEUED, ActionState.FAILED, ActionState.UNSURE)
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]")
# In this order; the first of them that a file has identifies its rows.
_NAMES: Mapping[str, Sequence[str]] = {
    "number": ("actionnumber", "number"),
    "assignment_id": ("assignmentid", "assignment", "submissionid", "sessionid", "submission"),
    "receipt": ("receipt", "completioncode"),
    "platform_id": ("platformid", "participantid", "participant", "workerid", "worker", "prolificpid", "id"),
}
_ACTION_NAMES = ("action", "kind")
_SHOWN = 5


@dataclass(frozen=True)
class ManualAction:
    """A queued action with the platform's ids; an unknown id is empty. `worker` is a pseudonym."""

    number: int
    kind: ActionKind
    platform_id: str
    assignment_id: str
    amount_cents: int
    currency: str
    message: str
    worker: str
    receipt: str


def manual_actions(db: Session, study: Study) -> Sequence[ManualAction]:
    """Return every queued action about a worker, oldest first."""
    query = (
        select(
            PlatformAction,
            Worker.pseudonym,
            WorkerIdentity.platform_worker_id,
            AssignmentIdentity.assignment_id,
            Submission.public_id,
        )
        .outerjoin(Submission, Submission.id == PlatformAction.submission_id)
        .outerjoin(AssignmentIdentity, AssignmentIdentity.session_id == Submission.session_id)
        .outerjoin(Worker, Worker.id == func.coalesce(Submission.worker_id, PlatformAction.worker_id))
        .outerjoin(WorkerIdentity, WorkerIdentity.worker_id == Worker.id)
        .where(
            PlatformAction.study_id == study.id,
            PlatformAction.state.in_(_WAITING),
            PlatformAction.kind.in_(ABOUT_WORKERS),
        )
        .order_by(PlatformAction.id)
    )
    return [
        ManualAction(
            number=action.id,
            kind=ActionKind(action.kind),
            platform_id=platform_id or "",
            assignment_id=assignment_id or _unmatched(db, action),
            amount_cents=action.amount_cents,
            currency=action.currency,
            message=action.reason,
            worker=pseudonym or "",
            receipt=receipt or "",
        )
        for action, pseudonym, platform_id, assignment_id, receipt in db.execute(query)
    ]


def mark_listed(db: Session, study: Study, table: SheetTable, user_id: int, now: datetime) -> int:
    """Mark the actions in a file as done at the platform: all or none. Return their number.

    Raises ImportFailed that names each row that matches no queued action, or several; Forbidden unless the user may
    send them.
    """
    key, column = _key_column(table)
    action_column = next((at for at, name in enumerate(table.columns) if _plain(name) in _ACTION_NAMES), None)
    waiting: dict[str, list[ManualAction]] = {}
    for action in manual_actions(db, study):
        waiting.setdefault(str(getattr(action, key)), []).append(action)
    chosen: dict[int, ManualAction] = {}
    problems: list[str] = []
    for line, cells in _rows(table, column):
        wanted = _plain(cells[action_column]) if action_column is not None else ""
        name = cells[column].strip().removeprefix("'")
        found = [action for action in waiting.get(name, []) if wanted in {"", _plain(action.kind)}]
        if len(found) == 1:
            chosen[found[0].number] = found[0]
        else:
            problems.append(f"line {line}: {_problem(name, wanted, found)}")
    if problems:
        raise ImportFailed(_refusal(table, problems), problems)
    for number in sorted(chosen):
        mark_done(db, get_action(db, study.id, number), user_id, now)
    return len(chosen)


def _rows(table: SheetTable, column: int) -> Sequence[tuple[int, tuple[str, ...]]]:
    """Return the non-empty rows. A plain list of ids has no header: its first line is a row."""
    known = any(_plain(table.columns[column]) in names for names in _NAMES.values())
    rows = table.rows if known else ((1, table.columns), *table.rows)
    return [(line, cells) for line, cells in rows if cells[column].strip()]


def _key_column(table: SheetTable) -> tuple[str, int]:
    plain = [_plain(name) for name in table.columns]
    for key, names in _NAMES.items():
        for name in names:
            if name in plain:
                return key, plain.index(name)
    if len(table.columns) == 1:
        return "platform_id", 0
    raise ImportFailed(
        f"Nothing was marked as done: {table.name} has no column with ids. Name one of its columns “action_number”, "
        "“assignment_id”, “receipt” or “platform_id”.",
        [f"The columns are: {', '.join(table.columns[:15])}."],
    )


def _problem(name: str, wanted: str, found: Sequence[ManualAction]) -> str:
    if found:
        kinds = ", ".join(str(action.kind) for action in found)
        return (
            f"“{name}” has {len(found)} actions waiting ({kinds}). Add a column “action”, or use the column "
            "“action_number” of the downloaded list."
        )
    about = f"no {wanted} for “{name}” is waiting" if wanted else f"no action for “{name}” is waiting"
    return f"{about} in this study. It may be marked already, or belong to another study."


def _refusal(table: SheetTable, problems: Sequence[str]) -> str:
    count = len(problems)
    noun = "1 row needs" if count == 1 else f"{count:,} rows need"
    more = f" And {count - _SHOWN:,} more." if count > _SHOWN else ""
    return f"Nothing was marked as done: {noun} attention in {table.name}. {' '.join(problems[:_SHOWN])}{more}"


def _unmatched(db: Session, action: PlatformAction) -> str:
    known = db.get(PlatformAssignment, action.parameters.get("unmatched", 0))
    return (assignment_id_of(db, known) or "") if known is not None else ""


def _plain(name: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", name.lower())

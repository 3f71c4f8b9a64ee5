"""Perform actions at CloudResearch Connect that concern assignments and participants.

Each try has a token of its own, stored before it is sent. A try that is taken up again looks at the assignment first,
then repeats the same token, so that Connect refuses what has arrived before.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from keytrail.models import ActionKind
from keytrail.platform_actions.action_snapshot import (
    ActionResult,
    ActionSnapshot,
    Checkpoint,
    Results,
    require_holder,
    require_known,
)
from keytrail.platform_actions.connect_projects import change_project, create_project
from keytrail.platform_actions.kinds import ABOUT_TASKS
from keytrail.platforms import PlatformFault
from keytrail.platforms.connect import Connect
from keytrail.platforms.connect_api import ConnectApi
from keytrail.platforms.errors import Undecided
from keytrail.platforms.money import cents_of, decimal_text
from keytrail.platforms.statuses import ConnectAssignment

AT_ONCE: Mapping[ActionKind, int] = {ActionKind.APPROVE: 200, ActionKind.REJECT: 200, ActionKind.BONUS: 200}
"""How many actions of a kind share one look at the list of assignments; each is a request of its own."""
# Connect forgets a token after 24 hours.
_TOKEN_LIFE = timedelta(hours=23)

Row = Mapping[str, Any]


def perform_all(api: ConnectApi, snapshots: Sequence[ActionSnapshot], checkpoint: Checkpoint, now: datetime) -> Results:
    """Do what some actions of one kind say, one after the other. Raises PlatformFault if the list cannot be had."""
    kind = snapshots[0].kind
    rows = {}
    if kind in _ABOUT_ASSIGNMENTS:
        rows = {str(row.get("assignmentId")): row for row in api.assignments(_project_id(snapshots[0]))}
    found: dict[int, ActionResult | PlatformFault] = {}
    for snapshot in snapshots:
        try:
            token = _try_token(snapshot, checkpoint, now)
            if kind in _ABOUT_ASSIGNMENTS:
                row = _own_row(rows, snapshot)
                found[snapshot.action_id] = _ABOUT_ASSIGNMENTS[kind](api, snapshot, row, token)
            else:
                found[snapshot.action_id] = _perform_other(api, snapshot, checkpoint, token)
        except PlatformFault as fault:
            found[snapshot.action_id] = fault
    return found


def _perform_other(api: ConnectApi, snapshot: ActionSnapshot, checkpoint: Checkpoint, token: str) -> ActionResult:
    if snapshot.kind == ActionKind.DRAFT:
        return create_project(api, snapshot, checkpoint, token)
    if snapshot.kind in ABOUT_TASKS:
        return change_project(api, snapshot, token)
    if snapshot.kind == ActionKind.MESSAGE:
        text = f"{snapshot.parameters['subject']}\n\n{snapshot.reason}"
        api.send_message(_project_id(snapshot), require_known(snapshot.worker_id, "participant"), text, token)
        return ActionResult("Message sent.")
    raise PlatformFault("This cannot be sent to Connect. Do it there, then mark it as done.")


def _approve(api: ConnectApi, snapshot: ActionSnapshot, row: Row, token: str) -> ActionResult:
    project_id, assignment_id = _project_id(snapshot), str(row["assignmentId"])
    message = {assignment_id: snapshot.reason}
    status = row.get("status")
    if status == ConnectAssignment.REJECTED:
        if not snapshot.parameters.get("override"):
            raise PlatformFault("It was rejected at Connect. Decide again to have the rejection taken back.")
        api.reverse_rejection(project_id, message, token)
    elif status != ConnectAssignment.APPROVED:
        api.approve(project_id, message, token)
    return ActionResult("Approved and paid.", assignment_status=ConnectAssignment.APPROVED)


def _reject(api: ConnectApi, snapshot: ActionSnapshot, row: Row, token: str) -> ActionResult:
    if not snapshot.reason.strip():
        raise PlatformFault("Nothing was sent: write to the participant why. Connect takes no rejection without it.")
    if row.get("status") == ConnectAssignment.APPROVED:
        raise PlatformFault(
            "It is approved at Connect, so it cannot be rejected. Connect approves by itself after "
            f"{Connect.approves_after_days} days."
        )
    if row.get("status") != ConnectAssignment.REJECTED:
        api.reject(_project_id(snapshot), {str(row["assignmentId"]): snapshot.reason.strip()}, token)
    return ActionResult("Rejected.", assignment_status=ConnectAssignment.REJECTED)


def _bonus(api: ConnectApi, snapshot: ActionSnapshot, row: Row, token: str) -> ActionResult:
    if snapshot.resumed:
        listed, before = cents_of(row.get("bonus")), snapshot.bonused_cents
        if listed == before + snapshot.amount_cents:
            return ActionResult("Bonus sent: Connect lists it.")
        if listed != before:
            raise Undecided(
                f"It is not known whether this bonus was paid: Connect lists {decimal_text(listed or 0)} for this "
                f"assignment, and {decimal_text(before)} were sent from here before. Look there."
            )
    try:
        api.bonus(_project_id(snapshot), str(row["assignmentId"]), snapshot.amount_cents, snapshot.reason, token)
    except PlatformFault as fault:
        if snapshot.resumed and not fault.unsure:
            raise Undecided(
                f"Connect got this before, and does not list the bonus. Look there whether it was paid. {fault.message}"
            ) from fault
        raise
    return ActionResult("Bonus sent.")


_ABOUT_ASSIGNMENTS: Mapping[ActionKind, Callable[[ConnectApi, ActionSnapshot, Row, str], ActionResult]] = {
    ActionKind.APPROVE: _approve,
    ActionKind.REJECT: _reject,
    ActionKind.BONUS: _bonus,
}


def _own_row(rows: Mapping[str, Row], snapshot: ActionSnapshot) -> Row:
    """The action's assignment in Connect's list, once it has said that it is this participant's."""
    row = rows.get(require_known(snapshot.assignment_id, "assignment"))
    if row is None:
        raise PlatformFault(
            "Connect does not list this assignment: the participant has not completed it there. Nothing was sent."
        )
    require_holder(snapshot, str(row.get("participantId") or ""))
    return row


def _project_id(snapshot: ActionSnapshot) -> str:
    project_id = str(snapshot.options.get("study_id", ""))
    if not project_id:
        raise PlatformFault("Connect's id of the project is not known. Enter it on the Platform page, then send again.")
    return project_id


def _try_token(snapshot: ActionSnapshot, checkpoint: Checkpoint, now: datetime) -> str:
    """Return the idempotency token of this try, stored before it is used; an interrupted try keeps its own."""
    known = snapshot.external_ref.partition(" ")[0]
    fresh = now - snapshot.first_sent_at < _TOKEN_LIFE
    if snapshot.resumed and known and fresh:
        return known
    token = f"{snapshot.token}-{snapshot.tries}"
    rest = snapshot.external_ref.partition(" ")[2]
    checkpoint({snapshot.action_id: f"{token} {rest}".strip()})
    return token

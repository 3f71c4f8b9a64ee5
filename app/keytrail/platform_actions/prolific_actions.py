"""Perform actions at Prolific. Approving twice approves once; paying a bonus twice would pay twice."""

from collections.abc import Callable

from keytrail.models import ActionKind
from keytrail.platform_actions.action_snapshot import ActionResult, ActionSnapshot, require_holder
from keytrail.platforms import PlatformFault
from keytrail.platforms.prolific_api import ProlificApi

Checkpoint = Callable[[str], None]


def perform(api: ProlificApi, snapshot: ActionSnapshot, checkpoint: Checkpoint) -> ActionResult:
    """Perform the action. `checkpoint` durably stores the prepared bonus's id before it is paid.

    Raises PlatformFault, `unsure` if a bonus may have been paid.
    """
    if not snapshot.assignment_id:
        raise PlatformFault("Prolific's id of the submission is no longer stored here.")
    if snapshot.kind in {ActionKind.APPROVE, ActionKind.BONUS} and snapshot.worker_id:
        require_holder(snapshot, api.holder(snapshot.assignment_id))
    if snapshot.kind == ActionKind.APPROVE:
        api.approve(snapshot.assignment_id)
        return ActionResult("Approved and paid.", assignment_status="APPROVED")
    if snapshot.kind == ActionKind.BONUS:
        return _bonus(api, snapshot, checkpoint)
    raise PlatformFault("Keytrail cannot send this to Prolific. Do it there, then mark it as done.")


def _bonus(api: ProlificApi, snapshot: ActionSnapshot, checkpoint: Checkpoint) -> ActionResult:
    study_id = str(snapshot.options.get("study_id", ""))
    if not study_id:
        raise PlatformFault(
            "Prolific's id of the study is not known. Enter it on the platform's page, then send again."
        )
    try:
        bonus_id = api.set_up_bonus(study_id, snapshot.assignment_id or "", snapshot.amount_cents)
    except PlatformFault as fault:
        # Preparing pays nothing, so whatever the result, sending again is safe.
        raise PlatformFault(fault.message) from fault
    checkpoint(bonus_id)
    api.pay_bonus(bonus_id)
    return ActionResult("Bonus sent. Prolific pays it within minutes.", external_ref=bonus_id)

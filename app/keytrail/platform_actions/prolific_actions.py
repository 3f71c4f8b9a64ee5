"""Perform actions at Prolific that concern submissions and participants. Approving twice approves once; a bonus would
be paid twice, so its prepared payment is stored before it is paid.
"""

from collections.abc import Callable, Mapping, Sequence
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
from keytrail.platforms import PlatformFault
from keytrail.platforms.money import decimal_text
from keytrail.platforms.prolific import PART_PAY_CODE, SCREEN_OUT_CODE, Prolific
from keytrail.platforms.prolific_api import (
    MOST_APPROVED_AT_ONCE,
    MOST_BONUSES_AT_ONCE,
    PreparedBonuses,
    ProlificApi,
    holder_of,
)
from keytrail.platforms.statuses import ProlificSubmission

AT_ONCE: Mapping[ActionKind, int] = {
    ActionKind.APPROVE: MOST_APPROVED_AT_ONCE,
    ActionKind.BONUS: MOST_BONUSES_AT_ONCE,
}
"""How many actions of a kind go out in one request."""
_EXCLUDED_GROUP = "Keytrail: not in further studies of {}"
_EXCLUDED_MEANS = "Participants who are not to take part in further studies of this researcher."


def approve_all(api: ProlificApi, snapshots: Sequence[ActionSnapshot], _checkpoint: Checkpoint) -> Results:
    """Approve what waits for review in one request; the rest one by one, so that each is told why not."""
    if len(snapshots) == 1:
        return _one_by_one(api, snapshots, _approve)
    known = {str(one["id"]): one for one in api.submissions(_study_id(snapshots[0]))}
    found: dict[int, ActionResult | PlatformFault] = {}
    together: list[ActionSnapshot] = []
    for snapshot in snapshots:
        submission = known.get(snapshot.assignment_id or "", {})
        if submission.get("status") == ProlificSubmission.AWAITING_REVIEW and not _is_of_another(snapshot, submission):
            together.append(snapshot)
        else:
            found |= _one_by_one(api, [snapshot], _approve)
    if together:
        done: ActionResult | PlatformFault = ActionResult(
            "Approved together with others. Prolific pays within minutes.",
            assignment_status=ProlificSubmission.APPROVED,
        )
        try:
            api.bulk_approve([str(one.assignment_id) for one in together])
        except PlatformFault as fault:
            done = fault
        found |= dict.fromkeys((one.action_id for one in together), done)
    return found


def pay_bonuses(api: ProlificApi, snapshots: Sequence[ActionSnapshot], checkpoint: Checkpoint) -> Results:
    """Prepare all bonuses together, store under which id, and pay them in one step.

    A bonus of somebody else's submission is left out. The faults are `unsure` if the bonuses may have been paid.
    """
    found: dict[int, ActionResult | PlatformFault] = {}
    together: list[ActionSnapshot] = []
    for snapshot in snapshots:
        try:
            _current(api, snapshot)
            together.append(snapshot)
        except PlatformFault as fault:
            found[snapshot.action_id] = PlatformFault(fault.message)
    if not together:
        return found
    try:
        prepared = _prepared(api, together)
    except PlatformFault as fault:
        # Setting up pays nothing, so whatever became of it, sending again is safe.
        return found | dict.fromkeys((one.action_id for one in together), PlatformFault(fault.message))
    checkpoint(dict.fromkeys((one.action_id for one in together), prepared.id))
    try:
        api.pay_bonuses(prepared.id)
    except PlatformFault as fault:
        return found | dict.fromkeys((one.action_id for one in together), fault)
    return found | {
        one.action_id: ActionResult(
            "Bonus sent. Prolific pays it within minutes.", external_ref=prepared.id, fee_cents=_fee(one, prepared)
        )
        for one in together
    }


def perform_one(api: ProlificApi, snapshot: ActionSnapshot) -> ActionResult:
    """Do what one action about a submission or a participant says. Raises PlatformFault."""
    return _PERFORMERS[snapshot.kind](api, snapshot)


def exclusion_groups(api: ProlificApi, snapshot: ActionSnapshot) -> Sequence[str]:
    """The groups of whom the action's owners exclude. Each owner has one: a workspace may serve many researchers."""
    workspace = api.workspace()
    names = [_EXCLUDED_GROUP.format(owner) for owner in snapshot.owners]
    return [api.participant_group(workspace, name, _EXCLUDED_MEANS) for name in names]


def _one_by_one(
    api: ProlificApi,
    snapshots: Sequence[ActionSnapshot],
    perform: Callable[[ProlificApi, ActionSnapshot], ActionResult],
) -> Results:
    found: dict[int, ActionResult | PlatformFault] = {}
    for snapshot in snapshots:
        try:
            found[snapshot.action_id] = perform(api, snapshot)
        except PlatformFault as fault:
            found[snapshot.action_id] = fault
    return found


def _approve(api: ProlificApi, snapshot: ActionSnapshot) -> ActionResult:
    submission_id, submission = _current(api, snapshot)
    if submission.get("status") == ProlificSubmission.REJECTED and snapshot.parameters.get("override"):
        api.transition(submission_id, {"action": "UNREJECT"})
    if submission.get("status") != ProlificSubmission.APPROVED:
        api.approve(submission_id)
    return ActionResult("Approved and paid.", assignment_status=ProlificSubmission.APPROVED)


def _reject(api: ProlificApi, snapshot: ActionSnapshot) -> ActionResult:
    category = str(snapshot.parameters.get("category", ""))
    least = Prolific.rejection.least_letters
    if category not in Prolific.rejection.grounds or len(snapshot.reason.strip()) < least:
        raise PlatformFault(
            "Nothing was sent: choose one of Prolific's grounds and write at least "
            f"{least} characters to the participant, or ask for the return of the submission instead."
        )
    submission_id, submission = _current(api, snapshot)
    if submission.get("status") != ProlificSubmission.REJECTED:
        body = {"action": "REJECT", "message": snapshot.reason.strip(), "rejection_category": category}
        api.transition(submission_id, body)
    return ActionResult("Rejected.", assignment_status=ProlificSubmission.REJECTED)


def _ask_for_return(api: ProlificApi, snapshot: ActionSnapshot) -> ActionResult:
    submission_id, submission = _current(api, snapshot)
    if not submission.get("return_requested"):
        api.request_return(submission_id, snapshot.reason.strip())
    return ActionResult("The participant was asked to return the submission.")


def _pay_a_part(api: ProlificApi, snapshot: ActionSnapshot) -> ActionResult:
    data: dict[str, Any] = {"percentage_of_reward": snapshot.parameters["percentage"]}
    if snapshot.reason.strip():
        data["message_to_participant"] = snapshot.reason.strip()
    status = ProlificSubmission.PARTIALLY_APPROVED
    _complete(api, snapshot, PART_PAY_CODE, status, {"completion_code_data": data})
    return ActionResult(f"{snapshot.parameters['percentage']} % of the reward paid.", assignment_status=status)


def _screen_out(api: ProlificApi, snapshot: ActionSnapshot) -> ActionResult:
    _complete(api, snapshot, SCREEN_OUT_CODE, ProlificSubmission.SCREENED_OUT, {})
    return ActionResult("Screened out, with the fixed payment.", assignment_status=ProlificSubmission.SCREENED_OUT)


def _complete(api: ProlificApi, snapshot: ActionSnapshot, code: str, status: str, more: Mapping[str, Any]) -> None:
    own = str(snapshot.options.get(code, ""))
    if not own:
        raise PlatformFault(
            "Nothing was sent: the study at Prolific has no completion code for this. Codes are given when the draft "
            "is created; enter one that you made there on the Platform page."
        )
    submission_id, submission = _current(api, snapshot)
    if submission.get("status") != status:
        api.transition(submission_id, {"action": "COMPLETE", "completion_code": own, **more})


def _exclude(api: ProlificApi, snapshot: ActionSnapshot) -> ActionResult:
    [group] = exclusion_groups(api, snapshot)
    api.add_to_group(group, require_known(snapshot.worker_id, "participant"))
    return ActionResult("Excluded: your studies that are published from here are hidden from them.", external_ref=group)


def _readmit(api: ProlificApi, snapshot: ActionSnapshot) -> ActionResult:
    [group] = exclusion_groups(api, snapshot)
    api.remove_from_group(group, require_known(snapshot.worker_id, "participant"))
    return ActionResult("No longer excluded.", external_ref=group)


def _write(api: ProlificApi, snapshot: ActionSnapshot) -> ActionResult:
    # A message at Prolific has no subject.
    text = f"{snapshot.parameters['subject']}\n\n{snapshot.reason}"
    api.send_message(require_known(snapshot.worker_id, "participant"), _study_id(snapshot), text)
    return ActionResult("Message sent.")


_PERFORMERS: Mapping[ActionKind, Callable[[ProlificApi, ActionSnapshot], ActionResult]] = {
    ActionKind.REJECT: _reject,
    ActionKind.RETURN: _ask_for_return,
    ActionKind.PART_PAY: _pay_a_part,
    ActionKind.SCREEN_OUT: _screen_out,
    ActionKind.EXCLUDE: _exclude,
    ActionKind.READMIT: _readmit,
    ActionKind.MESSAGE: _write,
}


def _current(api: ProlificApi, snapshot: ActionSnapshot) -> tuple[str, Mapping[str, Any]]:
    """The action's submission as Prolific knows it, once it has said that it is this participant's."""
    submission_id = require_known(snapshot.assignment_id, "submission")
    submission = api.submission(submission_id)
    require_holder(snapshot, holder_of(submission))
    return submission_id, submission


def _is_of_another(snapshot: ActionSnapshot, submission: Mapping[str, Any]) -> bool:
    holder = holder_of(submission)
    return bool(snapshot.worker_id and holder and holder != snapshot.worker_id)


def _study_id(snapshot: ActionSnapshot) -> str:
    study_id = str(snapshot.options.get("study_id", ""))
    if not study_id:
        raise PlatformFault(
            "Prolific's id of the study is not known. Enter it on the platform's page, then send again."
        )
    return study_id


def _prepared(api: ProlificApi, snapshots: Sequence[ActionSnapshot]) -> PreparedBonuses:
    lines = [(str(one.assignment_id), one.amount_cents) for one in snapshots]
    prepared = api.set_up_bonuses(_study_id(snapshots[0]), lines)
    asked = sum(cents for _, cents in lines)
    if prepared.amount not in {None, asked}:
        raise PlatformFault(
            f"Nothing was paid: Prolific prepared {decimal_text(prepared.amount or 0)} where {decimal_text(asked)} was "
            "asked for. Look at the bonuses there."
        )
    return prepared


def _fee(snapshot: ActionSnapshot, prepared: PreparedBonuses) -> int | None:
    """This bonus's part of fees and tax, where Prolific says what they are; rounded up."""
    if not prepared.amount or prepared.total is None:
        return None
    return max(-(-(prepared.total - prepared.amount) * snapshot.amount_cents // prepared.amount), 0)

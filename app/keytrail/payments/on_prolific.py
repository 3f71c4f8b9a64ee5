"""Performing actions at Prolific. Approving twice approves once; paying a bonus twice would pay twice."""

from collections.abc import Callable

from keytrail.models import ActionKind
from keytrail.payments.job import Job, Result, require_holder
from keytrail.platforms import PlatformFault
from keytrail.platforms.prolific_api import ProlificApi

Checkpoint = Callable[[str], None]


def perform(api: ProlificApi, job: Job, checkpoint: Checkpoint) -> Result:
    """Do what the job says. `checkpoint` stores the prepared bonus's id, durably, before it is paid.

    Raises PlatformFault, `unsure` if a bonus may have been paid.
    """
    if not job.assignment_id:
        raise PlatformFault("Prolific's id of the submission is not known here any more.")
    if job.kind in {ActionKind.APPROVE, ActionKind.BONUS} and job.worker_id:
        require_holder(job, api.holder(job.assignment_id))
    if job.kind == ActionKind.APPROVE:
        api.approve(job.assignment_id)
        return Result("Approved and paid.", assignment_status="APPROVED")
    if job.kind == ActionKind.BONUS:
        return _bonus(api, job, checkpoint)
    raise PlatformFault("Keytrail cannot send this to Prolific. Do it there, then mark it as done.")


def _bonus(api: ProlificApi, job: Job, checkpoint: Checkpoint) -> Result:
    study_id = str(job.options.get("study_id", ""))
    if not study_id:
        raise PlatformFault(
            "Prolific's id of the study is not known. Enter it on the platform's page, then send again."
        )
    try:
        bonus_id = api.set_up_bonus(study_id, job.assignment_id or "", job.amount_cents)
    except PlatformFault as fault:
        # Setting up pays nothing, so whatever became of it, sending again is safe.
        raise PlatformFault(fault.message) from fault
    checkpoint(bonus_id)
    api.pay_bonus(bonus_id)
    return Result("Bonus sent. Prolific pays it within minutes.", external_ref=bonus_id)

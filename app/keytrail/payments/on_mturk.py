"""Performing actions at Mechanical Turk. Each may be performed twice with the effect of once."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from keytrail.models import ActionKind
from keytrail.payments.job import Job, Result, require_holder
from keytrail.platforms import PlatformFault
from keytrail.platforms.mturk_api import HitSpec, MTurkApi
from keytrail.platforms.mturk_question import external_question

# MTurk forgets a UniqueRequestToken after 24 hours; an hour before that the state is asked instead.
_TOKEN_LIFE = timedelta(hours=23)
_EXCLUDED = "Keytrail: not in further studies"
_EXCLUDED_MEANS = "Held by workers who are not to take part in further studies of this requester."


def perform(api: MTurkApi, job: Job, now: datetime) -> Result:
    """Do what the job says. Raises PlatformFault; nothing was done then, or doing it again is safe."""
    return _PERFORMERS[job.kind](api, job, now)


def _publish(api: MTurkApi, job: Job, now: datetime) -> Result:
    if now - job.first_sent_at > _TOKEN_LIFE:
        found = api.hit_by_annotation(job.token)
        if found is not None:
            return Result("Published.", hit=found, external_ref=str(found["HITId"]))
    values = dict(job.parameters["type"])
    if job.parameters.get("keep_out"):
        values["QualificationRequirements"] = [
            *values.get("QualificationRequirements", ()),
            {
                "QualificationTypeId": exclusion_type(api),
                "Comparator": "DoesNotExist",
                "ActionsGuarded": "DiscoverPreviewAndAccept",
            },
        ]
    hit = api.create_hit(
        HitSpec(
            type_id=api.create_type(values),
            question=external_question(job.parameters["url"]),
            assignments=job.parameters["assignments"],
            lifetime_s=job.parameters["lifetime_s"],
            token=job.token,
        )
    )
    return Result("Published.", hit=hit, external_ref=str(hit["HITId"]))


def _extend(api: MTurkApi, job: Job, _now: datetime) -> Result:
    hit_id = _needed(job.hit_id, "HIT")
    api.extend(hit_id, job.parameters["places"], job.token)
    until = job.parameters.get("until")
    if until:
        api.prolong(hit_id, datetime.fromisoformat(until))
    return Result("Places added.", hit=api.get_hit(hit_id))


def _expire(api: MTurkApi, job: Job, _now: datetime) -> Result:
    hit_id = _needed(job.hit_id, "HIT")
    api.expire(hit_id)
    return Result("No new workers are taken.", hit=api.get_hit(hit_id))


def _approve(api: MTurkApi, job: Job, _now: datetime) -> Result:
    api.approve(_own_assignment(api, job), job.reason, override=bool(job.parameters.get("override")))
    return Result("Approved and paid.", assignment_status="Approved")


def _reject(api: MTurkApi, job: Job, _now: datetime) -> Result:
    api.reject(_own_assignment(api, job), job.reason)
    return Result("Rejected.", assignment_status="Rejected")


def _bonus(api: MTurkApi, job: Job, now: datetime) -> Result:
    assignment_id = _own_assignment(api, job)
    stale = now - job.first_sent_at > _TOKEN_LIFE
    if not (stale and (job.amount_cents, job.reason) in api.bonuses(assignment_id)):
        api.bonus(assignment_id, job.amount_cents, job.reason, job.token)
    return Result("Bonus sent.")


def _exclude(api: MTurkApi, job: Job, _now: datetime) -> Result:
    type_id = exclusion_type(api)
    api.grant(type_id, _needed(job.worker_id, "worker"))
    return Result("Kept out by qualification.", external_ref=type_id)


def _readmit(api: MTurkApi, job: Job, _now: datetime) -> Result:
    type_id = exclusion_type(api)
    api.revoke(type_id, _needed(job.worker_id, "worker"))
    return Result("No longer kept out.", external_ref=type_id)


def _message(api: MTurkApi, job: Job, _now: datetime) -> Result:
    api.message(_needed(job.worker_id, "worker"), str(job.parameters["subject"]), job.reason)
    return Result("Message sent.")


def exclusion_type(api: MTurkApi) -> str:
    """The account's own qualification of excluded workers. A qualification harms nobody's account, unlike a block."""
    return api.qualification_type(_EXCLUDED, _EXCLUDED_MEANS)


_PERFORMERS: Mapping[ActionKind, Callable[[MTurkApi, Job, datetime], Result]] = {
    ActionKind.PUBLISH: _publish,
    ActionKind.EXTEND: _extend,
    ActionKind.EXPIRE: _expire,
    ActionKind.APPROVE: _approve,
    ActionKind.REJECT: _reject,
    ActionKind.BONUS: _bonus,
    ActionKind.EXCLUDE: _exclude,
    ActionKind.READMIT: _readmit,
    ActionKind.MESSAGE: _message,
}


def _own_assignment(api: MTurkApi, job: Job) -> str:
    """The job's assignment, once the marketplace has said that the worker whom the job is about handed it in."""
    assignment_id = _needed(job.assignment_id, "assignment")
    if job.worker_id:
        require_holder(job, api.holder(assignment_id))
    return assignment_id


def _needed(value: Any, what: str) -> str:
    if not value:
        raise PlatformFault(f"The platform's id of the {what} is not known here any more.")
    return str(value)

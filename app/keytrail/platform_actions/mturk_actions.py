"""Perform actions at Mechanical Turk. Performing one twice has the effect of once."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from keytrail.models import ActionKind
from keytrail.platform_actions.action_snapshot import ActionResult, ActionSnapshot, require_holder, require_known
from keytrail.platforms.mturk_api import HitSpec, MTurkApi
from keytrail.platforms.mturk_question import external_question
from keytrail.platforms.statuses import HitAssignment

# MTurk forgets a UniqueRequestToken after 24 hours; from an hour before that the state is checked instead.
_TOKEN_LIFE = timedelta(hours=23)
_EXCLUDED = "Keytrail: not in further studies"
_EXCLUDED_MEANS = "Held by workers who are not to take part in further studies of this requester."


def perform(api: MTurkApi, snapshot: ActionSnapshot, now: datetime) -> ActionResult:
    """Perform the action. Raises PlatformFault; then nothing was done, or doing it again is safe."""
    return _PERFORMERS[snapshot.kind](api, snapshot, now)


def _publish(api: MTurkApi, snapshot: ActionSnapshot, now: datetime) -> ActionResult:
    if now - snapshot.first_sent_at > _TOKEN_LIFE:
        found = api.hit_by_annotation(snapshot.token)
        if found is not None:
            return ActionResult("Published.", hit=found, external_ref=str(found["HITId"]))
    values = dict(snapshot.parameters["type"])
    if snapshot.parameters.get("hide_from_excluded"):
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
            question=external_question(snapshot.parameters["url"]),
            assignments=snapshot.parameters["assignments"],
            lifetime_s=snapshot.parameters["lifetime_s"],
            token=snapshot.token,
        )
    )
    return ActionResult("Published.", hit=hit, external_ref=str(hit["HITId"]))


def _extend(api: MTurkApi, snapshot: ActionSnapshot, _now: datetime) -> ActionResult:
    hit_id = require_known(snapshot.hit_id, "HIT")
    api.extend(hit_id, snapshot.parameters["places"], snapshot.token)
    until = snapshot.parameters.get("until")
    if until:
        api.prolong(hit_id, datetime.fromisoformat(until))
    return ActionResult("Places added.", hit=api.get_hit(hit_id))


def _expire(api: MTurkApi, snapshot: ActionSnapshot, _now: datetime) -> ActionResult:
    hit_id = require_known(snapshot.hit_id, "HIT")
    api.expire(hit_id)
    return ActionResult("No new workers are accepted.", hit=api.get_hit(hit_id))


def _approve(api: MTurkApi, snapshot: ActionSnapshot, _now: datetime) -> ActionResult:
    api.approve(_own_assignment(api, snapshot), snapshot.reason, override=bool(snapshot.parameters.get("override")))
    return ActionResult("Approved and paid.", assignment_status=HitAssignment.APPROVED)


def _reject(api: MTurkApi, snapshot: ActionSnapshot, _now: datetime) -> ActionResult:
    api.reject(_own_assignment(api, snapshot), snapshot.reason)
    return ActionResult("Rejected.", assignment_status=HitAssignment.REJECTED)


def _bonus(api: MTurkApi, snapshot: ActionSnapshot, now: datetime) -> ActionResult:
    assignment_id = _own_assignment(api, snapshot)
    stale = now - snapshot.first_sent_at > _TOKEN_LIFE
    if not (stale and (snapshot.amount_cents, snapshot.reason) in api.bonuses(assignment_id)):
        api.bonus(assignment_id, snapshot.amount_cents, snapshot.reason, snapshot.token)
    return ActionResult("Bonus sent.")


def _exclude(api: MTurkApi, snapshot: ActionSnapshot, _now: datetime) -> ActionResult:
    type_id = exclusion_type(api)
    api.grant(type_id, require_known(snapshot.worker_id, "worker"))
    return ActionResult("Excluded by qualification.", external_ref=type_id)


def _readmit(api: MTurkApi, snapshot: ActionSnapshot, _now: datetime) -> ActionResult:
    type_id = exclusion_type(api)
    api.revoke(type_id, require_known(snapshot.worker_id, "worker"))
    return ActionResult("No longer excluded.", external_ref=type_id)


def _message(api: MTurkApi, snapshot: ActionSnapshot, _now: datetime) -> ActionResult:
    api.message(require_known(snapshot.worker_id, "worker"), str(snapshot.parameters["subject"]), snapshot.reason)
    return ActionResult("Message sent.")


def exclusion_type(api: MTurkApi) -> str:
    """Return the account's own qualification of excluded workers. Unlike a block, a qualification harms nobody's
    account.
    """
    return api.qualification_type(_EXCLUDED, _EXCLUDED_MEANS)


_PERFORMERS: Mapping[ActionKind, Callable[[MTurkApi, ActionSnapshot, datetime], ActionResult]] = {
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


def _own_assignment(api: MTurkApi, snapshot: ActionSnapshot) -> str:
    """The job's assignment, once the marketplace has said that the worker whom the job is about handed it in."""
    assignment_id = require_known(snapshot.assignment_id, "assignment")
    if snapshot.worker_id:
        require_holder(snapshot, api.holder(assignment_id))
    return assignment_id

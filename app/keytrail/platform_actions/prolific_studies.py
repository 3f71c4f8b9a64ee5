"""Perform actions at Prolific that concern a study: draft, publish, add places, pause, stop. The state is looked up
first, so that each step can be repeated.
"""

from collections.abc import Callable, Mapping
from typing import Any

from keytrail.models import ActionKind
from keytrail.platform_actions.action_snapshot import ActionResult, ActionSnapshot, Checkpoint, require_known
from keytrail.platform_actions.prolific_actions import exclusion_groups
from keytrail.platform_actions.tasks import TaskReport
from keytrail.platforms import PlatformFault
from keytrail.platforms.prolific_api import ProlificApi
from keytrail.platforms.statuses import TASK_STAGES, ProlificStudy, TaskStage


def create_draft(api: ProlificApi, snapshot: ActionSnapshot, checkpoint: Checkpoint) -> ActionResult:
    """Create the draft, or find the one that an interrupted try created. Raises PlatformFault for another currency."""
    body = dict(snapshot.parameters["body"])
    if snapshot.external_ref:
        study: Mapping[str, Any] | None = api.study(snapshot.external_ref)
    else:
        study = api.find_study(body["internal_name"]) if snapshot.resumed else None
    if study is None:
        if snapshot.parameters.get("hide_from_excluded"):
            groups = exclusion_groups(api, snapshot)
            blocked = {"filter_id": "participant_group_blocklist", "selected_values": groups}
            body["filters"] = [*body.get("filters", ()), blocked]
        study = api.create_study(body)
    study_id = require_known(str(study.get("id") or ""), "study")
    checkpoint({snapshot.action_id: study_id})
    currency = str(study.get("presentment_currency_code") or snapshot.currency)
    if currency != snapshot.currency:
        raise PlatformFault(
            f"Your account at Prolific pays in {currency}, and this study's reward is in {snapshot.currency}. Change "
            "the currency in the study's settings, then send this again. The draft is there, and costs nothing."
        )
    places = int(body["total_available_places"])
    total = api.total_cost(int(body["reward"]), places)
    report = TaskReport(study_id, str(study.get("status") or ProlificStudy.UNPUBLISHED), places, total_cents=total)
    return ActionResult("Draft created. Nobody sees it yet, and it costs nothing.", task=report, external_ref=study_id)


def change_study(api: ProlificApi, snapshot: ActionSnapshot) -> ActionResult:
    """Publish, pause, resume or stop a study, or add places. Raises PlatformFault."""
    study_id = require_known(snapshot.hit_id, "study")
    status = str(api.study(study_id).get("status", ""))
    outcome = _CHANGES[snapshot.kind](api, snapshot, study_id, status)
    study = api.study(study_id)
    report = TaskReport(
        study_id,
        str(study.get("status", "")),
        int(study.get("total_available_places") or 0),
        int(study.get("places_taken") or 0),
    )
    return ActionResult(outcome, task=report)


def _publish(api: ProlificApi, _snapshot: ActionSnapshot, study_id: str, status: str) -> str:
    if status == ProlificStudy.UNPUBLISHED:
        api.transition_study(study_id, "PUBLISH")
    return "Published."


def _add_places(api: ProlificApi, snapshot: ActionSnapshot, study_id: str, _status: str) -> str:
    api.set_places(study_id, int(snapshot.parameters["places"]))
    return "Places added."


def _pause(api: ProlificApi, _snapshot: ActionSnapshot, study_id: str, status: str) -> str:
    if status != ProlificStudy.PAUSED:
        api.transition_study(study_id, "PAUSE")
    return "Paused: nobody new can take part."


def _resume(api: ProlificApi, _snapshot: ActionSnapshot, study_id: str, status: str) -> str:
    if status != ProlificStudy.ACTIVE:
        api.transition_study(study_id, "START")
    return "Resumed."


def _stop(api: ProlificApi, _snapshot: ActionSnapshot, study_id: str, status: str) -> str:
    if TASK_STAGES.get(status) != TaskStage.OVER:
        api.transition_study(study_id, "STOP")
    return "Ended: nobody new can take part."


_CHANGES: Mapping[ActionKind, Callable[[ProlificApi, ActionSnapshot, str, str], str]] = {
    ActionKind.PUBLISH: _publish,
    ActionKind.EXTEND: _add_places,
    ActionKind.PAUSE: _pause,
    ActionKind.RESUME: _resume,
    ActionKind.EXPIRE: _stop,
}

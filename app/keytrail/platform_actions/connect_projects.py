"""Perform actions at CloudResearch Connect that concern a project: create, publish, add places, pause, end. The state
is looked up first, so that each step can be repeated.
"""

from collections.abc import Callable, Mapping
from typing import Any

from keytrail.models import ActionKind
from keytrail.platform_actions.action_snapshot import ActionResult, ActionSnapshot, Checkpoint, require_known
from keytrail.platform_actions.tasks import TaskReport
from keytrail.platforms.connect_api import ConnectApi
from keytrail.platforms.money import cents_of
from keytrail.platforms.statuses import ConnectProject

# What Connect lets be changed of a project that was published, and what it wants beside it.
_EDITABLE = ("name", "projectUrl", "payment", "estimatedTimeInMinutes", "participants", "summary", "instructions")


def create_project(api: ConnectApi, snapshot: ActionSnapshot, checkpoint: Checkpoint, token: str) -> ActionResult:
    """Create the project, or find the one that an interrupted try created."""
    body = dict(snapshot.parameters["body"])
    project = api.find_project(body["internalName"]) if snapshot.tries > 1 else None
    if project is None:
        if snapshot.excluded_ids:
            body["platformTargeting"] = {"participants": {"excludedParticipants": list(snapshot.excluded_ids)}}
        project = api.create_project(body, token)
    project_id = require_known(str(project.get("projectId") or ""), "project")
    checkpoint({snapshot.action_id: f"{token} {project_id}"})
    report = TaskReport(
        project_id,
        ConnectProject.UNPUBLISHED,
        int(body["participants"]),
        total_cents=cents_of(project.get("totalCost")),
    )
    return ActionResult("Draft created. Nobody sees it yet, and it costs nothing.", task=report)


def change_project(api: ConnectApi, snapshot: ActionSnapshot, token: str) -> ActionResult:
    """Publish, pause, resume or close a project, or add places. Raises PlatformFault."""
    project_id = require_known(snapshot.hit_id, "project")
    outcome = _CHANGES[snapshot.kind](api, snapshot, project_id, token)
    places = int(api.project(project_id).get("participants") or 0)
    return ActionResult(outcome, task=TaskReport(project_id, api.status(project_id), places))


def _publish(api: ConnectApi, _snapshot: ActionSnapshot, project_id: str, token: str) -> str:
    if api.status(project_id) == ConnectProject.UNPUBLISHED:
        api.update_status(project_id, ConnectProject.LIVE, token)
    return "Published."


def _add_places(api: ConnectApi, snapshot: ActionSnapshot, project_id: str, token: str) -> str:
    project: Mapping[str, Any] = api.project(project_id)
    places = int(snapshot.parameters["places"])
    if int(project.get("participants") or 0) < places:
        unchanged = {name: project[name] for name in _EDITABLE if project.get(name) is not None}
        api.edit_project(project_id, {**unchanged, "participants": places}, token)
    return "Places added."


def _pause(api: ConnectApi, _snapshot: ActionSnapshot, project_id: str, token: str) -> str:
    if api.status(project_id) != ConnectProject.PAUSED:
        api.update_status(project_id, ConnectProject.PAUSED, token)
    return "Paused: nobody new can take part."


def _resume(api: ConnectApi, _snapshot: ActionSnapshot, project_id: str, token: str) -> str:
    if api.status(project_id) != ConnectProject.LIVE:
        api.update_status(project_id, ConnectProject.LIVE, token)
    return "Resumed."


def _close(api: ConnectApi, _snapshot: ActionSnapshot, project_id: str, token: str) -> str:
    status = api.status(project_id)
    if status == ConnectProject.LIVE:
        # A live project can only be paused, and a paused one closed.
        api.update_status(project_id, ConnectProject.PAUSED, f"{token}-pause")
        status = ConnectProject.PAUSED
    if status == ConnectProject.PAUSED:
        api.update_status(project_id, ConnectProject.CLOSED, token)
    return "Ended: nobody new can take part."


_CHANGES: Mapping[ActionKind, Callable[[ConnectApi, ActionSnapshot, str, str], str]] = {
    ActionKind.PUBLISH: _publish,
    ActionKind.EXTEND: _add_places,
    ActionKind.PAUSE: _pause,
    ActionKind.RESUME: _resume,
    ActionKind.EXPIRE: _close,
}

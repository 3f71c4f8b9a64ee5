"""Drafts of a study or project in the format of Prolific's and Connect's APIs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keytrail.platforms.base import Platform, SessionOutcome
from keytrail.platforms.code_platforms import PREFIX
from keytrail.platforms.money import dollars
from keytrail.platforms.prolific import PART_PAY_CODE, SCREEN_OUT_CODE, SECURE_LINKS

_RETURN_REASONS = {
    SessionOutcome.NO_CONSENT: "You did not agree to the recording. Nothing was recorded.",
    SessionOutcome.SCREENED_OUT: "There was no text left for you, or you have taken part in an earlier study.",
}


@dataclass(frozen=True)
class StudyDraft:
    """What is offered to participants. Cents; minutes; `internal_name` is what only the requester sees.

    `screen_out_cents` is the fixed payment of `screen_out_places` who do not qualify; without any nobody is screened
    out for money.
    """

    internal_name: str
    title: str
    description: str
    reward_cents: int
    places: int
    minutes: int
    most_minutes: int
    project: str = ""
    screen_out_cents: int = 0
    screen_out_places: int = 0


def prolific_body(platform: Platform, draft: StudyDraft, task_url: str) -> Mapping[str, Any]:
    """The body of POST studies/. Each way in which a visit ends has its code, and none of them pays by itself."""
    options = platform.options
    codes = [
        _code(options, SessionOutcome.DONE, "COMPLETED", {"action": "MANUALLY_REVIEW"}),
        _code(options, SessionOutcome.NO_CONSENT, "NO_CONSENT", _return(SessionOutcome.NO_CONSENT)),
        _code(options, SessionOutcome.SCREENED_OUT, "OTHER", _return(SessionOutcome.SCREENED_OUT)),
    ]
    if options.get(PART_PAY_CODE):
        codes.append(_own_code(options[PART_PAY_CODE], "OTHER", {"action": "DYNAMIC_PAYMENT"}))
    if options.get(SCREEN_OUT_CODE):
        action = {
            "action": "FIXED_SCREEN_OUT_PAYMENT",
            "fixed_screen_out_reward": draft.screen_out_cents,
            "slots": draft.screen_out_places,
        }
        codes.append(_own_code(options[SCREEN_OUT_CODE], "FIXED_SCREENOUT", action))
    body: dict[str, Any] = {
        "name": draft.title,
        "internal_name": draft.internal_name,
        "description": draft.description,
        "external_study_url": platform.study_url(task_url),
        "is_external_study_url_secure": platform.is_on(SECURE_LINKS),
        "prolific_id_option": "url_parameters",
        "completion_codes": codes,
        "total_available_places": draft.places,
        "estimated_completion_time": draft.minutes,
        "reward": draft.reward_cents,
        "device_compatibility": ["desktop", "tablet", "mobile"],
        "peripheral_requirements": [],
        "filters": [],
        "study_labels": ["writing_task"],
        "submissions_config": {"max_submissions_per_participant": 1},
    }
    if draft.most_minutes > draft.minutes:
        body["maximum_allowed_time"] = draft.most_minutes
    if draft.project:
        body["project"] = draft.project
    return body


def connect_body(platform: Platform, draft: StudyDraft, task_url: str) -> Mapping[str, Any]:
    """The body of POST project."""
    body: dict[str, Any] = {
        "name": draft.title,
        "internalName": draft.internal_name,
        "summary": draft.description,
        "projectUrl": task_url,
        "payment": dollars(draft.reward_cents),
        "estimatedTimeInMinutes": draft.minutes,
        "participants": draft.places,
        "hasSensitiveContent": False,
        "deviceRequirements": [],
        "completionSettings": {
            "value": platform.options["completion_code"],
            "projectCompletionType": "CompletionCode",
        },
    }
    if draft.most_minutes > draft.minutes:
        body["maxTimeInMinutes"] = draft.most_minutes
    return body


def _return(outcome: SessionOutcome) -> Mapping[str, Any]:
    return {"action": "REQUEST_RETURN", "return_reason": _RETURN_REASONS[outcome]}


def _code(
    options: Mapping[str, str], outcome: SessionOutcome, code_type: str, action: Mapping[str, Any]
) -> Mapping[str, Any]:
    code = options[f"{PREFIX[outcome]}_code"]
    return {"code": code, "code_type": code_type, "actor": "participant", "actions": [action]}


def _own_code(code: str, code_type: str, action: Mapping[str, Any]) -> Mapping[str, Any]:
    """A code that only the requester can enter."""
    return {"code": code, "code_type": code_type, "actor": "researcher", "actions": [action]}

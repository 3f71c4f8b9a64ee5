"""CloudResearch Connect: ids in the link, a fixed code or a redirect back, and an API for whoever has a key."""

from collections.abc import Sequence
from typing import ClassVar

from keytrail.platforms.base import OptionField, SetupValue
from keytrail.platforms.capabilities import Capabilities, Capability
from keytrail.platforms.code_platforms import CODE_FIELDS, URL_FIELDS, CodePlatform


class Connect(CodePlatform):
    """CloudResearch Connect: participantId, assignmentId, projectId."""

    name: ClassVar[str] = "connect"
    label: ClassVar[str] = "CloudResearch Connect"
    currency: ClassVar[str | None] = "USD"
    task_word: ClassVar[str] = "project"
    api_is_optional: ClassVar[bool] = True
    drafts_studies: ClassVar[bool] = True
    approves_after_days: ClassVar[int] = 14
    capabilities: ClassVar[Capabilities] = Capabilities(
        {
            Capability.RETURN: "Connect cannot ask for a return. Write to the participant instead.",
            Capability.PART_PAY: "Connect pays the whole reward or none. Reject, and pay a part as a bonus.",
            Capability.SCREEN_OUT: "Connect has no payment for whoever does not qualify. A bonus can pay for the time.",
            Capability.TEST_RUN: "Connect has no test participants. Begin a trial from the study's checklist.",
            Capability.EXCLUDE: "Excluded participants are turned away on the task's first page. Projects that are "
            "created from here also hide from everybody who was excluded by then.",
        }
    )
    option_fields = (
        OptionField(
            "study_id", "Connect's id of the project", "From the project's address. Links of others are refused."
        ),
        *CODE_FIELDS,
        *URL_FIELDS,
    )
    worker_parameter = "participantId"
    assignment_parameter = "assignmentId"
    task_parameter = "projectId"

    def pastes(self, task_url: str) -> Sequence[SetupValue]:
        """Connect appends its own parameters."""
        completion = self.options.get("completion_url") or self.options.get("completion_code", "")
        return (
            SetupValue(
                "Project link", task_url, "Connect appends participantId, assignmentId and projectId by itself."
            ),
            SetupValue(
                "Completion: redirect, or fixed completion code",
                completion,
                "Copy it from Connect into the form. Projects that are created from here get the code by themselves.",
            ),
        )

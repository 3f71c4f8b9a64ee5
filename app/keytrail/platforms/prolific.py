"""Prolific: ids in the link, a completion code for each way in which a visit ends."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

from keytrail.platforms.base import Assignment, Finish, OptionField, Proof, RejectionTerms, SessionOutcome, SetupValue
from keytrail.platforms.capabilities import Capabilities
from keytrail.platforms.code_platforms import CODE_FIELDS, ENDS, PREFIX, CodePlatform

SECURE_LINKS = "secure_links"
PART_PAY_CODE = "part_pay_code"
SCREEN_OUT_CODE = "screen_out_pay_code"
LEAST_PERCENTAGE, MOST_PERCENTAGE = 8, 99
_GROUNDS: Mapping[str, str] = {
    "FAILED_INSTRUCTIONS": "Did not follow the instructions",
    "LOW_EFFORT": "Low effort",
    "FAILED_CHECK": "Failed attention checks",
    "TOO_QUICKLY": "Far too quick",
    "TOO_SLOWLY": "Far too slow",
    "INCOMP_LONGITUDINAL": "A part of a longitudinal study is missing",
    "MALINGERING": "Claimed to qualify and does not",
    "NO_CODE": "No completion code",
    "BAD_CODE": "Wrong completion code",
    "NO_DATA": "No data",
    "UNSUPP_DEVICE": "Device that the study does not support",
    "OTHER": "Other",
}
"""Prolific's own grounds, in the order in which they are offered. Text that arrived without typing is not one."""


class Prolific(CodePlatform):
    """PROLIFIC_PID, STUDY_ID, SESSION_ID; finishes at app.prolific.com with a completion code for each outcome."""

    name: ClassVar[str] = "prolific"
    label: ClassVar[str] = "Prolific"
    api_is_optional: ClassVar[bool] = True
    drafts_studies: ClassVar[bool] = True
    takes_own_codes: ClassVar[bool] = True
    has_bulk_forms: ClassVar[bool] = True
    sends_messages: ClassVar[bool] = True
    rejection: ClassVar[RejectionTerms] = RejectionTerms(_GROUNDS, least_letters=100)
    capabilities: ClassVar[Capabilities] = Capabilities()
    option_fields = (
        OptionField("study_id", "Prolific's id of the study", "From the study's address. Links of others are refused."),
        *CODE_FIELDS,
        OptionField(
            PART_PAY_CODE,
            "Code by which you pay a part of the reward",
            "With the action “dynamic payment” and you as the actor, if your workspace has that.",
        ),
        OptionField(
            SCREEN_OUT_CODE,
            "Code by which you screen out with a fixed payment",
            "With the action “fixed screen out payment” and you as the actor, if your workspace has that.",
        ),
        OptionField(
            SECURE_LINKS,
            "Let in secure links only",
            "Switch on “secure external study URL” at Prolific too. Each link then carries Prolific's signature.",
            is_switch=True,
        ),
    )
    worker_parameter = "PROLIFIC_PID"
    assignment_parameter = "SESSION_ID"
    task_parameter = "STUDY_ID"

    @property
    def proof(self) -> Proof:
        """Prolific's own token, if the study requires one."""
        return Proof.TOKEN if self.is_on(SECURE_LINKS) else Proof.NONE

    def finish(self, assignment: Assignment, receipt: str, outcome: SessionOutcome = SessionOutcome.DONE) -> Finish:
        """Redirect with the outcome's completion code."""
        code = self.options.get(f"{PREFIX[outcome]}_code")
        if not code:
            return super().finish(assignment, receipt, outcome)
        url = f"https://app.prolific.com/submissions/complete?cc={quote(code, safe='')}"
        return Finish(kind="redirect", url=url, code=code)

    def study_url(self, task_url: str) -> str:
        """Use Prolific's own placeholders."""
        return f"{task_url}?" + "&".join(f"{name}={{{{%{name}%}}}}" for name in self._names()[::-1])

    def pastes(self, task_url: str) -> Sequence[SetupValue]:
        """Address, completion codes and the action of each."""
        return (
            SetupValue("Study link: “What is the URL of your study?”", self.study_url(task_url)),
            SetupValue("How to record ids", "I'll use URL parameters", "The parameters are in the link already."),
            *(
                SetupValue(
                    f"Completion code {ENDS[outcome]}", self.options.get(f"{prefix}_code", ""), _CODE_ACTIONS[outcome]
                )
                for outcome, prefix in PREFIX.items()
            ),
        )


_CODE_ACTIONS = {
    SessionOutcome.DONE: "Action: manually review. Approving is then a person's step here.",
    SessionOutcome.NO_CONSENT: "Action: request return.",
    SessionOutcome.SCREENED_OUT: "Action: request return, or screen out if your workspace has that.",
}

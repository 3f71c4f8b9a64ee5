"""Prolific: ids in the link, a completion code for each way in which a visit ends."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

from keytrail.errors import Forbidden
from keytrail.platforms.base import Assignment, Finish, OptionField, Preview, Proof, SessionOutcome, SetupValue
from keytrail.platforms.capabilities import Capabilities, Capability
from keytrail.platforms.code_platforms import CODE_FIELDS, ENDS, PREFIX, CodePlatform

SECURE_LINKS = "secure_links"


class Prolific(CodePlatform):
    """PROLIFIC_PID, STUDY_ID, SESSION_ID; finishes at app.prolific.com with a completion code for each outcome."""

    name: ClassVar[str] = "prolific"
    label: ClassVar[str] = "Prolific"
    capabilities: ClassVar[Capabilities] = Capabilities(
        {
            Capability.PUBLISH: "Publish the study at Prolific with the values above; workers then come here.",
            Capability.EXTEND: "Add places at Prolific, under the study's actions.",
            Capability.EXPIRE: "Pause or stop the study at Prolific, under the study's actions.",
            Capability.REJECT: "Prolific rejects on grounds of its own, and text that arrived without typing is not "
            "one "
            "of them. Ask the participant at Prolific to return the submission, or reject there with Prolific's "
            "grounds, then mark it here as done.",
            Capability.EXCLUDE: "The task's first page tells excluded participants. To keep them from "
            "seeing "
            "the study, put them on an exclusion list at Prolific.",
            Capability.MESSAGE: "Write to participants in Prolific's own messages.",
            Capability.COST: "Prolific tells its fees and taxes before you publish there; only what participants get "
            "is "
            "counted here.",
        }
    )
    option_fields = (
        OptionField("study_id", "Prolific's id of the study", "From the study's address. Links of others are refused."),
        *CODE_FIELDS,
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

    def identify(self, query: Mapping[str, str]) -> Assignment | Preview:
        """Like other platforms. Raises Forbidden for a link of another Prolific study."""
        visit = super().identify(query)
        own = self.options.get("study_id")
        if isinstance(visit, Assignment) and own and visit.task_id not in {None, own}:
            raise Forbidden(
                "This link is for another study at Prolific. Open the study at Prolific again; if that does not help, "
                "tell the researchers there.",
                code="other_study",
            )
        return visit

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

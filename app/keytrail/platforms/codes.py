"""Platforms that send ids in the link and take a completion code or a redirect back."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote, urlsplit

from keytrail.platforms.abilities import Abilities, Ability
from keytrail.platforms.base import Assignment, Finish, OptionField, Outcome, Paste, Platform, Preview, required_id

_PREFIX = {Outcome.DONE: "completion", Outcome.NO_CONSENT: "no_consent", Outcome.SCREENED_OUT: "screened_out"}
_ENDS = {
    Outcome.DONE: "when the text is in",
    Outcome.NO_CONSENT: "when the worker does not agree to the recording",
    Outcome.SCREENED_OUT: "when there is no text left for the worker, or the worker is not to take part",
}
_BY_HAND = "Keytrail cannot send this to {}. Do it there, then mark it here as done, so that the record is complete."
_CODE_FIELDS = tuple(
    OptionField(f"{_PREFIX[outcome]}_code", f"Completion code {when}", "Leave it empty if the platform has none.")
    for outcome, when in _ENDS.items()
)
_URL_FIELDS = tuple(
    OptionField(
        f"{_PREFIX[outcome]}_url",
        f"Address to go to {when}",
        "Leave it empty to show the code. {assignment} and {receipt} are filled in.",
        is_url=True,
    )
    for outcome, when in _ENDS.items()
)


def _by_hand(label: str, **instead: str) -> Abilities:
    """Nothing can be sent to the platform but what is told here otherwise."""
    sentences = {ability: _BY_HAND.format(label) for ability in (Ability.APPROVE, Ability.REJECT, Ability.BONUS)}
    sentences[Ability.PUBLISH] = f"Set it up with {label}, with the values above."
    sentences[Ability.EXTEND] = f"Add places with {label}; here, raise “Workers per item” in the settings."
    sentences[Ability.EXPIRE] = f"End it with {label}, or pause the study in its settings here."
    sentences[Ability.LIST] = f"Keytrail cannot ask {label}. Compare the receipts or codes by hand."
    sentences[Ability.EXCLUDE] = "Excluded workers are turned away on the task's first page, not at the platform."
    sentences[Ability.MESSAGE] = f"Keytrail cannot write to workers through {label}. Write to them there."
    sentences[Ability.COST] = f"Fees depend on your contract with {label}; only what workers get is counted here."
    return Abilities(sentences | {Ability(name): sentence for name, sentence in instead.items()})


class _CodePlatform(Platform):
    """The ids come under names that differ by platform; finishing is a redirect, a code, or a thank-you."""

    worker_parameter: ClassVar[str]
    assignment_parameter: ClassVar[str]
    task_parameter: ClassVar[str]
    option_fields = (*_CODE_FIELDS, *_URL_FIELDS)

    def identify(self, query: Mapping[str, str]) -> Assignment | Preview:
        """Without any id it is the requester looking; with half of them the link is damaged."""
        names = self._names()
        if not any(query.get(name) for name in names[:2]):
            return Preview()
        worker, assignment, task = names
        return Assignment(
            worker_id=required_id(query, worker),
            assignment_id=required_id(query, assignment),
            task_id=required_id(query, task) if query.get(task) else None,
        )

    def finish(self, assignment: Assignment, receipt: str, outcome: Outcome = Outcome.DONE) -> Finish:
        """By the study's options: an address, a code, or else a thank-you or the request to return the task."""
        code, url = self.options.get(f"{_PREFIX[outcome]}_code"), self.options.get(f"{_PREFIX[outcome]}_url")
        if url and urlsplit(url).scheme in {"http", "https"}:
            return Finish(kind="redirect", url=_filled(url, assignment, receipt), code=code)
        if code:
            return Finish(kind="code", code=code)
        return Finish(kind="done" if outcome == Outcome.DONE else "return")

    def study_url(self, task_url: str) -> str:
        """With our own names as placeholders: the panel's are not known."""
        return f"{task_url}?" + "&".join(f"{name}=…" for name in dict.fromkeys(self._names()))

    def example(self) -> Mapping[str, str]:
        """Made-up ids under the right names."""
        return dict.fromkeys(self._names(), "linkcheck")

    def _names(self) -> tuple[str, str, str]:
        return self.worker_parameter, self.assignment_parameter, self.task_parameter


class Prolific(_CodePlatform):
    """PROLIFIC_PID, STUDY_ID, SESSION_ID; finishes at app.prolific.com with a completion code for each outcome."""

    name: ClassVar[str] = "prolific"
    label: ClassVar[str] = "Prolific"
    abilities: ClassVar[Abilities] = Abilities(
        {
            Ability.PUBLISH: "Publish the study at Prolific with the values above; workers then come here.",
            Ability.EXTEND: "Add places at Prolific, under the study's actions.",
            Ability.EXPIRE: "Pause or stop the study at Prolific, under the study's actions.",
            Ability.REJECT: "Prolific rejects on grounds of its own, and text that arrived without typing is not one "
            "of them. Ask the participant at Prolific to return the submission, or reject there with Prolific's "
            "grounds, then mark it here as done.",
            Ability.EXCLUDE: "Excluded participants are turned away on the task's first page. To keep them from seeing "
            "the study, put them on an exclusion list at Prolific.",
            Ability.MESSAGE: "Write to participants in Prolific's own messages.",
            Ability.COST: "Prolific tells its fees and taxes before you publish there; only what participants get is "
            "counted here.",
        }
    )
    option_fields = (OptionField("study_id", "Prolific's id of the study", "From the study's address."), *_CODE_FIELDS)
    worker_parameter = "PROLIFIC_PID"
    assignment_parameter = "SESSION_ID"
    task_parameter = "STUDY_ID"

    def finish(self, assignment: Assignment, receipt: str, outcome: Outcome = Outcome.DONE) -> Finish:
        """Redirect with the outcome's completion code."""
        code = self.options.get(f"{_PREFIX[outcome]}_code")
        if not code:
            return super().finish(assignment, receipt, outcome)
        url = f"https://app.prolific.com/submissions/complete?cc={quote(code, safe='')}"
        return Finish(kind="redirect", url=url, code=code)

    def study_url(self, task_url: str) -> str:
        """With Prolific's own placeholders."""
        return f"{task_url}?" + "&".join(f"{name}={{{{%{name}%}}}}" for name in self._names()[::-1])

    def pastes(self, task_url: str) -> Sequence[Paste]:
        """Address, completion codes and what each is to do."""
        return (
            Paste("Study link: “What is the URL of your study?”", self.study_url(task_url)),
            Paste("How to record ids", "I'll use URL parameters", "The parameters are in the link already."),
            *(
                Paste(
                    f"Completion code {_ENDS[outcome]}", self.options.get(f"{prefix}_code", ""), _CODE_ACTIONS[outcome]
                )
                for outcome, prefix in _PREFIX.items()
            ),
        )


_CODE_ACTIONS = {
    Outcome.DONE: "Action: manually review. Approving is then a person's step here.",
    Outcome.NO_CONSENT: "Action: request return.",
    Outcome.SCREENED_OUT: "Action: request return, or screen out if your workspace has that.",
}


class Connect(_CodePlatform):
    """CloudResearch Connect: participantId, assignmentId, projectId."""

    name: ClassVar[str] = "connect"
    label: ClassVar[str] = "CloudResearch Connect"
    abilities: ClassVar[Abilities] = _by_hand("CloudResearch Connect")
    worker_parameter = "participantId"
    assignment_parameter = "assignmentId"
    task_parameter = "projectId"

    def pastes(self, task_url: str) -> Sequence[Paste]:
        """Connect appends its own parameters."""
        completion = self.options.get("completion_url") or self.options.get("completion_code", "")
        return (
            Paste("Project link", task_url, "Connect appends participantId, assignmentId and projectId by itself."),
            Paste("Completion: redirect, or fixed completion code", completion, "Copy it from Connect into the form."),
        )


class Panel(_CodePlatform):
    """Any panel: the study's options name the parameters."""

    name: ClassVar[str] = "panel"
    label: ClassVar[str] = "Panel"
    abilities: ClassVar[Abilities] = _by_hand("the panel")
    option_fields = (
        OptionField("worker_parameter", "Parameter with the person's id", "Default: worker."),
        OptionField("assignment_parameter", "Parameter with the id of this visit", "Default: assignment."),
        OptionField("task_parameter", "Parameter with the id of the panel's project", "Default: task."),
        *_CODE_FIELDS,
        *_URL_FIELDS,
    )

    def _names(self) -> tuple[str, str, str]:
        return (
            self.options.get("worker_parameter") or "worker",
            self.options.get("assignment_parameter") or "assignment",
            self.options.get("task_parameter") or "task",
        )


class Direct(_CodePlatform):
    """A lab's own participants: one id in the link is person and assignment at once."""

    name: ClassVar[str] = "direct"
    label: ClassVar[str] = "Direct link"
    abilities: ClassVar[Abilities] = Abilities(
        dict.fromkeys(
            (Ability.APPROVE, Ability.REJECT, Ability.BONUS),
            "You settle this with your participants yourself. Mark it here as done, so that the record is complete.",
        )
        | {
            Ability.PUBLISH: "Send the link to your participants yourself.",
            Ability.EXTEND: "Raise “Workers per item” in the study's settings.",
            Ability.EXPIRE: "Pause or close the study in its settings.",
            Ability.LIST: "There is nothing to compare with: only Keytrail holds this work.",
            Ability.EXCLUDE: "Excluded participants are turned away on the task's first page.",
            Ability.MESSAGE: "Write to your participants yourself; Keytrail knows no addresses of theirs.",
            Ability.COST: "What participants get is all that is counted here.",
        }
    )
    needs_https: ClassVar[bool] = False
    worker_parameter = "participant"
    assignment_parameter = "participant"
    task_parameter = "task"

    def study_url(self, task_url: str) -> str:
        """One id for each participant."""
        return f"{task_url}?participant=…"

    def pastes(self, task_url: str) -> Sequence[Paste]:
        """A link a participant."""
        why = "Put a different id of letters and digits for each participant in place of the dots."
        return (Paste("The link that you send", self.study_url(task_url), why),)


def _filled(url: str, assignment: Assignment, receipt: str) -> str:
    """The requester's address with this visit's ids; an id cannot add anything but itself."""
    filled = url.replace("{assignment}", quote(assignment.assignment_id, safe=""))
    return filled.replace("{receipt}", quote(receipt, safe=""))

"""Platforms that send ids in the link and take a completion code or a redirect: Connect, panels, direct links."""

import secrets
from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote, urlsplit

from keytrail.errors import Forbidden
from keytrail.language import message
from keytrail.platforms.base import (
    Assignment,
    Finish,
    OptionField,
    Platform,
    Preview,
    Proof,
    SessionOutcome,
    SetupValue,
    required_id,
)
from keytrail.platforms.capabilities import Capabilities, Capability
from keytrail.platforms.phrases import OWN_LINK, Phrases

PREFIX = {
    SessionOutcome.DONE: "completion",
    SessionOutcome.NO_CONSENT: "no_consent",
    SessionOutcome.SCREENED_OUT: "screened_out",
}
ENDS = {
    SessionOutcome.DONE: "when the text is in",
    SessionOutcome.NO_CONSENT: "when the worker does not agree to the recording",
    SessionOutcome.SCREENED_OUT: "when there is no text left for the worker, or the worker is not to take part",
}
_BY_HAND = "Keytrail cannot send this to {}. Do it there, then mark it here as done, so that the record is complete."
_TRIAL = "Begin a trial from the study's checklist before you publish."
_ABOUT_SUBMISSIONS = (
    Capability.APPROVE,
    Capability.REJECT,
    Capability.RETURN,
    Capability.PART_PAY,
    Capability.SCREEN_OUT,
    Capability.BONUS,
)
CODE_FIELDS = tuple(
    OptionField(f"{PREFIX[outcome]}_code", f"Completion code {when}", "Leave it empty if the platform has none.")
    for outcome, when in ENDS.items()
)
URL_FIELDS = tuple(
    OptionField(
        f"{PREFIX[outcome]}_url",
        f"Address to go to {when}",
        "Leave it empty to show the code. {assignment} and {receipt} are filled in.",
        is_url=True,
    )
    for outcome, when in ENDS.items()
)

SIGNED_LINKS = "signed_links"
_SIGNED_FIELD = OptionField(
    SIGNED_LINKS,
    "Let in signed links only",
    "Each link then carries a signature over the participant's id, so that nobody can make one up. The links, the "
    "secret and the recipe stand below.",
    is_switch=True,
)


def _by_hand(label: str, **instead: str) -> Capabilities:
    """Nothing can be sent to the platform but what is told here otherwise."""
    sentences = {capability: _BY_HAND.format(label) for capability in _ABOUT_SUBMISSIONS}
    sentences[Capability.PUBLISH] = f"Set it up with {label}, with the values above."
    sentences[Capability.EXTEND] = f"Add places with {label}; here, raise “Workers per item” in the settings."
    sentences[Capability.PAUSE] = f"Pause it with {label}, or pause the study in its settings here."
    sentences[Capability.EXPIRE] = f"End it with {label}, or pause the study in its settings here."
    sentences[Capability.LIST] = f"Keytrail cannot ask {label}. Compare the receipts or codes by hand."
    sentences[Capability.EXCLUDE] = "The task's first page tells excluded workers; the platform does not exclude them."
    sentences[Capability.MESSAGE] = f"Keytrail cannot write to workers through {label}. Write to them there."
    sentences[Capability.TEST_RUN] = _TRIAL
    sentences[Capability.COST] = f"Fees depend on your contract with {label}; only workers' pay is counted here."
    return Capabilities(sentences | {Capability(name): sentence for name, sentence in instead.items()})


class CodePlatform(Platform):
    """A platform with its own parameter names; a visit ends with a redirect, a code, or a thank-you."""

    worker_parameter: ClassVar[str]
    assignment_parameter: ClassVar[str]
    task_parameter: ClassVar[str]
    option_fields = (*CODE_FIELDS, *URL_FIELDS)

    def identify(self, query: Mapping[str, str]) -> Assignment | Preview:
        """Without any id it is the requester looking; with half of them the link is damaged.

        Raises Forbidden for a link that the platform made for another of its studies.
        """
        names = self._names()
        if not any(query.get(name) for name in names[:2]):
            return Preview()
        worker, assignment, task = names
        visit = Assignment(
            worker_id=required_id(query, worker, self.phrases),
            assignment_id=required_id(query, assignment, self.phrases),
            task_id=required_id(query, task, self.phrases) if query.get(task) else None,
        )
        own = self.options.get("study_id")
        if own and visit.task_id not in {None, own}:
            raise Forbidden(
                message(
                    "This link is for another study at %(platform)s. Open the study there again; if that does not "
                    "help, write to the researchers there.",
                    platform=self.label,
                ),
                code="other_study",
            )
        return visit

    def finish(self, assignment: Assignment, receipt: str, outcome: SessionOutcome = SessionOutcome.DONE) -> Finish:
        """Finish by the study's options: an address, a code, or else a thank-you or the request to return the task."""
        code, url = self.options.get(f"{PREFIX[outcome]}_code"), self.options.get(f"{PREFIX[outcome]}_url")
        if url and urlsplit(url).scheme in {"http", "https"}:
            return Finish(kind="redirect", url=_filled(url, assignment, receipt), code=code)
        if code:
            return Finish(kind="code", code=code)
        return Finish(kind="done" if outcome == SessionOutcome.DONE else "return")

    def study_url(self, task_url: str) -> str:
        """Use our own names as placeholders, because the panel's are not known."""
        return f"{task_url}?" + "&".join(f"{name}=…" for name in dict.fromkeys(self._names()))

    def example(self) -> Mapping[str, str]:
        """Return sample ids under the right names."""
        return dict.fromkeys(self._names(), "linkcheck")

    def _names(self) -> tuple[str, str, str]:
        return self.worker_parameter, self.assignment_parameter, self.task_parameter


class _SignablePlatform(CodePlatform):
    """Links that the requester, or a panel with the study's secret, can sign (docs/platforms.md)."""

    @property
    def proof(self) -> Proof:
        """A signature over the participant's id, if the study requires one."""
        return Proof.SIGNATURE if self.is_on(SIGNED_LINKS) else Proof.NONE


class Panel(_SignablePlatform):
    """Any panel: the study's options name the parameters."""

    name: ClassVar[str] = "panel"
    label: ClassVar[str] = "Panel"
    capabilities: ClassVar[Capabilities] = _by_hand("the panel")
    option_fields = (
        OptionField("worker_parameter", "Parameter with the person's id", "Default: worker."),
        OptionField("assignment_parameter", "Parameter with the id of this visit", "Default: assignment."),
        OptionField("task_parameter", "Parameter with the id of the panel's project", "Default: task."),
        *CODE_FIELDS,
        *URL_FIELDS,
        _SIGNED_FIELD,
    )

    def _names(self) -> tuple[str, str, str]:
        return (
            self.options.get("worker_parameter") or "worker",
            self.options.get("assignment_parameter") or "assignment",
            self.options.get("task_parameter") or "task",
        )


class Direct(_SignablePlatform):
    """A lab's own participants: one id in the link identifies both person and assignment."""

    name: ClassVar[str] = "direct"
    label: ClassVar[str] = "Direct link"
    capabilities: ClassVar[Capabilities] = Capabilities(
        dict.fromkeys(
            _ABOUT_SUBMISSIONS,
            "You settle this with your participants yourself. Mark it here as done, so that the record is complete.",
        )
        | {
            Capability.PUBLISH: "Send the link to your participants yourself.",
            Capability.EXTEND: "Raise “Workers per item” in the study's settings.",
            Capability.PAUSE: "Pause the study in its settings.",
            Capability.EXPIRE: "Pause or close the study in its settings.",
            Capability.LIST: "There is nothing to compare with: only Keytrail holds this work.",
            Capability.EXCLUDE: "The task's first page tells excluded participants.",
            Capability.MESSAGE: "Write to your participants yourself; Keytrail knows no addresses of theirs.",
            Capability.COST: "Only participants' pay is counted here.",
            Capability.TEST_RUN: _TRIAL,
        }
    )
    needs_https: ClassVar[bool] = False
    phrases: ClassVar[Phrases] = OWN_LINK
    after_publishing: ClassVar[str] = "The Platform page has the link to send."
    option_fields = (*CODE_FIELDS, *URL_FIELDS, _SIGNED_FIELD)
    worker_parameter = "participant"
    assignment_parameter = "participant"
    task_parameter = "task"

    def fresh_ids(self) -> Mapping[str, str]:
        """Return a new id for a visitor by the bare link, unless only signed links are let in."""
        return {} if self.proof == Proof.SIGNATURE else {self.worker_parameter: f"visitor-{secrets.token_hex(8)}"}

    def study_url(self, task_url: str) -> str:
        """One id for each participant."""
        return f"{task_url}?participant=…"

    def pastes(self, task_url: str) -> Sequence[SetupValue]:
        """A link for each participant."""
        why = (
            "Replace the dots by a different id of letters and digits for each participant. Whoever comes by the "
            "bare link gets an id for the visit."
        )
        return (SetupValue("The link that you send", self.study_url(task_url), why),)


def _filled(url: str, assignment: Assignment, receipt: str) -> str:
    """Fill this visit's ids into the requester's address; ids are escaped."""
    filled = url.replace("{assignment}", quote(assignment.assignment_id, safe=""))
    return filled.replace("{receipt}", quote(receipt, safe=""))

"""Mechanical Turk's ExternalQuestion (MTurk), and every compatible marketplace."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from keytrail.errors import Forbidden
from keytrail.platforms.base import Assignment, Finish, Platform, Preview, SessionOutcome, SetupValue, required_id
from keytrail.platforms.capabilities import Capabilities, Capability
from keytrail.platforms.fees import LARGE_FROM, mturk_bonus_fee, mturk_reward_fee

NOT_ACCEPTED = "ASSIGNMENT_ID_NOT_AVAILABLE"
SUBMIT_PATH = "/mturk/externalSubmit"
DEFAULT_SUBMIT_ORIGIN = "https://www.mturk.com"
SUBMIT_ORIGINS = (DEFAULT_SUBMIT_ORIGIN, "https://workersandbox.mturk.com")
FRAME_ANCESTORS = (
    "https://worker.mturk.com",
    "https://workersandbox.mturk.com",
    "https://www.mturk.com",
    "https://requester.mturk.com",
    "https://requestersandbox.mturk.com",
)


class MTurk(Platform):
    """Mechanical Turk: appends assignmentId, hitId, workerId and turkSubmitTo; takes a browser form."""

    name: ClassVar[str] = "mturk"
    label: ClassVar[str] = "Mechanical Turk"
    task_word: ClassVar[str] = "HIT"
    currency: ClassVar[str | None] = "USD"
    has_task_per_item: ClassVar[bool] = True
    after_publishing: ClassVar[str] = (
        "HITs are published in a further step, on the Platform page, where you see their cost."
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        {
            Capability.PAUSE: "Mechanical Turk cannot pause a HIT. End it, and publish the item again later; or pause "
            "the study in its settings.",
            Capability.RETURN: "Mechanical Turk cannot ask for a return. Write to the worker instead.",
            Capability.PART_PAY: "Mechanical Turk pays the whole reward or none. Reject, and pay a part as a bonus.",
            Capability.TEST_RUN: "Mechanical Turk has no test participants. Publish in its sandbox, or in Keytrail's.",
            Capability.SCREEN_OUT: "Workers who do not qualify return the HIT. A bonus can pay them for their time.",
        }
    )

    @classmethod
    def reward_fee(cls, reward_cents: int, places: int) -> int | None:
        """By its price list."""
        return mturk_reward_fee(reward_cents, places)

    @classmethod
    def bonus_fee(cls, bonus_cents: int) -> int | None:
        """By its price list."""
        return mturk_bonus_fee(bonus_cents)

    @classmethod
    def growth_problem(cls, places: int, more: int) -> str:
        """A HIT may not pass into the range of another fee."""
        if not places < LARGE_FROM <= places + more:
            return ""
        return (
            f"A HIT with fewer than {LARGE_FROM} places cannot grow to {LARGE_FROM} or more: the fee is another. "
            "Let it expire and publish the item again."
        )

    def identify(self, query: Mapping[str, str]) -> Assignment | Preview:
        """Without an accepted assignment the task is a preview."""
        if query.get("assignmentId", NOT_ACCEPTED) in {NOT_ACCEPTED, ""}:
            return Preview(required_id(query, "hitId") if query.get("hitId") else None)
        return Assignment(
            worker_id=required_id(query, "workerId"),
            assignment_id=required_id(query, "assignmentId"),
            task_id=required_id(query, "hitId") if query.get("hitId") else None,
            submit_origin=self._submit_origin(query.get("turkSubmitTo", "")),
        )

    def finish(self, assignment: Assignment, receipt: str, outcome: SessionOutcome = SessionOutcome.DONE) -> Finish:
        """Finish with a form POST by the browser; MTurk refuses one with no field besides assignmentId.

        The only alternative is to return the HIT.
        """
        if outcome != SessionOutcome.DONE:
            return Finish(kind="return")
        return Finish(
            kind="post",
            url=(assignment.submit_origin or DEFAULT_SUBMIT_ORIGIN) + SUBMIT_PATH,
            fields={"assignmentId": assignment.assignment_id, "receipt": receipt},
        )

    def study_url(self, task_url: str) -> str:
        """MTurk appends its own parameters."""
        return task_url

    def example(self) -> Mapping[str, str]:
        """Return parameters as an accepted HIT has them."""
        ids = {"assignmentId": "LINKCHECK", "hitId": "LINKCHECK", "workerId": "LINKCHECK"}
        return ids | {"turkSubmitTo": DEFAULT_SUBMIT_ORIGIN}

    def pastes(self, task_url: str) -> Sequence[SetupValue]:
        """Nothing: publishing sends the address."""
        return (SetupValue("ExternalURL of the HIT", task_url, "Publishing fills it in."),)

    def _submit_origin(self, url: str) -> str:
        """Return the origin for the form. Accepting any but the known ones would make this an open redirect."""
        if not url:
            return DEFAULT_SUBMIT_ORIGIN
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self.submit_origins:
            raise Forbidden(
                "This task would be submitted to a place that the requester has not allowed. "
                "Return the task and tell the requester: the setting is KEYTRAIL_SUBMIT_ORIGINS.",
                code="submit_origin",
            )
        return origin

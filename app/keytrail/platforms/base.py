"""The base class and the data of every marketplace."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Literal

from keytrail.errors import BadRequest
from keytrail.language import message
from keytrail.platforms.capabilities import Capabilities
from keytrail.platforms.phrases import MARKETPLACE, Phrases

# Ids of every platform we know are letters, digits and a few joiners; markup and control characters never belong.
_ID = re.compile(r"[A-Za-z0-9._:~@+=-]{1,128}")


@dataclass(frozen=True)
class Assignment:
    """One worker's claim to one task, in the platform's own ids.

    `submit_origin` is the target of the browser's form, if the platform takes one.
    """

    worker_id: str
    assignment_id: str
    task_id: str | None = None
    submit_origin: str | None = None


@dataclass(frozen=True)
class Preview:
    """A view of the task by somebody who has not accepted it; `task_id` if the platform says which one is shown."""

    task_id: str | None = None


class SessionOutcome(StrEnum):
    """How a worker's visit ends; platforms may handle each differently."""

    DONE = "done"
    NO_CONSENT = "no_consent"
    SCREENED_OUT = "screened_out"


@dataclass(frozen=True)
class Finish:
    """What the worker's browser does after the submission is stored, or after a visit without one.

    `return` asks the worker to return the task at the marketplace.
    """

    kind: Literal["post", "redirect", "code", "done", "return"]
    url: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None


@dataclass(frozen=True)
class SetupValue:
    """One setting at the platform: where to find it, and the value to paste."""

    where: str
    value: str
    why: str = ""


@dataclass(frozen=True)
class OptionField:
    """A platform option of a study that its owner can set."""

    name: str
    label: str
    help: str
    is_url: bool = False
    is_switch: bool = False


class Proof(StrEnum):
    """What a link must carry in addition to its ids, so that ids cannot be invented."""

    NONE = "none"
    SIGNATURE = "signature"
    TOKEN = "token"  # noqa: S105  # the name of a kind


@dataclass(frozen=True)
class RejectionTerms:
    """What a platform wants to know of a rejection: a ground of its list, and so many letters of reason."""

    grounds: Mapping[str, str] = field(default_factory=dict)
    least_letters: int = 1


class Platform(ABC):
    """One marketplace. Instances have a study's options and do not use the database."""

    name: ClassVar[str]
    label: ClassVar[str]
    task_word: ClassVar[str] = "study"
    capabilities: ClassVar[Capabilities]
    option_fields: ClassVar[Sequence[OptionField]] = ()
    needs_https: ClassVar[bool] = True
    api_is_optional: ClassVar[bool] = False
    currency: ClassVar[str | None] = None
    """The only currency in which the platform charges and pays (ISO 4217); None where it depends on the study."""
    phrases: ClassVar[Phrases] = MARKETPLACE
    rejection: ClassVar[RejectionTerms] = RejectionTerms()
    approves_after_days: ClassVar[int] = 0
    """Days after which the platform approves work by itself; 0 where it never does, or the requester chooses."""
    has_task_per_item: ClassVar[bool] = False
    """Whether each item becomes a task of its own there, as a HIT; elsewhere one task stands for the whole study."""
    drafts_studies: ClassVar[bool] = False
    """Whether the study can be created there as a draft from here."""
    takes_own_codes: ClassVar[bool] = False
    """Whether requesters choose the completion codes; elsewhere the platform issues them."""
    has_bulk_forms: ClassVar[bool] = False
    """Whether its pages take lists of ids, for paying by hand."""
    after_publishing: ClassVar[str] = "The Platform page has the addresses and codes to paste at {}."
    """What is left to do when a study is published; `{}` is the platform's label."""
    sends_messages: ClassVar[bool] = False
    """Whether it pushes changes of submissions to an address (platform_hooks/)."""

    def __init__(self, options: Mapping[str, str], submit_origins: frozenset[str]) -> None:
        self.options = options
        self.submit_origins = submit_origins

    @classmethod
    def reward_fee(cls, reward_cents: int, places: int) -> int | None:  # noqa: ARG003
        """Return the fee in cents for one assignment of a task with so many places; None where only it can say."""
        return None

    @classmethod
    def bonus_fee(cls, bonus_cents: int) -> int | None:  # noqa: ARG003
        """Return the fee in cents for a bonus; None where only the platform can say."""
        return None

    @classmethod
    def growth_problem(cls, places: int, more: int) -> str:  # noqa: ARG003
        """Return why the platform refuses to add places to a task that has some; empty where it does not."""
        return ""

    def is_on(self, switch: str) -> bool:
        """Return whether the study's options switch something on."""
        return self.options.get(switch, "").strip().lower() not in {"", "no", "off", "false", "0"}

    @property
    def proof(self) -> Proof:
        """Return what this study's links must carry in addition to their ids."""
        return Proof.NONE

    def fresh_ids(self) -> Mapping[str, str]:
        """Return ids for a visitor whose link has none; empty where only the platform creates them."""
        return {}

    @abstractmethod
    def identify(self, query: Mapping[str, str]) -> Assignment | Preview:
        """Return who is asking, from the query that the platform appended. Raises BadRequest if it is invalid."""

    @abstractmethod
    def finish(self, assignment: Assignment, receipt: str, outcome: SessionOutcome = SessionOutcome.DONE) -> Finish:
        """Return how the worker hands over the receipt and is paid, or leaves without a submission."""

    @abstractmethod
    def study_url(self, task_url: str) -> str:
        """Return the address for the platform, with the placeholders that it fills in."""

    @abstractmethod
    def example(self) -> Mapping[str, str]:
        """Return a query as the platform would send it, for checking the link."""

    def pastes(self, task_url: str) -> Sequence[SetupValue]:
        """Return the values to paste at the platform."""
        return (SetupValue("Study address", self.study_url(task_url)),)


def required_id(query: Mapping[str, str], name: str, phrases: Phrases = MARKETPLACE) -> str:
    """Return an id from the query. Raises BadRequest if it is missing or not an id."""
    value = query.get(name, "")
    if not value:
        raise BadRequest(
            message(
                "The link lacks '%(name)s'. %(reopen)s If that does not help, tell the requester.",
                name=name,
                reopen=phrases.reopen,
            ),
            code="link_incomplete",
        )
    if not _ID.fullmatch(value):
        raise BadRequest(
            message("'%(name)s' in the link is not a valid id. %(reopen)s", name=name, reopen=phrases.reopen),
            code="link_damaged",
        )
    return value

"""What Keytrail asks of a marketplace."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from app.errors import BadRequest

# Ids of every platform we know are letters, digits and a few joiners; markup and control characters never belong.
_ID = re.compile(r"[A-Za-z0-9._:~@+=-]{1,128}")


@dataclass(frozen=True)
class Assignment:
    """One worker's claim to one piece of work, in the platform's own ids.

    `submit_origin` is where the browser's form goes, if the platform takes one.
    """

    worker_id: str
    assignment_id: str
    task_id: str | None = None
    submit_origin: str | None = None


@dataclass(frozen=True)
class Preview:
    """A look at the task by somebody who has not accepted it."""


@dataclass(frozen=True)
class Finish:
    """What the worker's browser does after we hold the submission."""

    kind: Literal["post", "redirect", "code", "done"]
    url: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None


class Platform(ABC):
    """One marketplace. Instances hold a study's options and know no database."""

    name: ClassVar[str]
    label: ClassVar[str]

    def __init__(self, options: Mapping[str, str], submit_origins: frozenset[str]) -> None:
        self.options = options
        self.submit_origins = submit_origins

    @abstractmethod
    def identify(self, query: Mapping[str, str]) -> Assignment | Preview:
        """Who is asking, by the query that the platform appended. Raises BadRequest if it makes no sense."""

    @abstractmethod
    def finish(self, assignment: Assignment, receipt: str) -> Finish:
        """How the worker hands over the receipt and is paid."""


def required_id(query: Mapping[str, str], name: str) -> str:
    """An id from the query. Raises BadRequest if it is missing or not an id."""
    value = query.get(name, "")
    if not value:
        raise BadRequest(
            f"The link lacks '{name}'. Open the task from your marketplace again; if that does not help, tell the requester.",
            code="link_incomplete",
        )
    if not _ID.fullmatch(value):
        raise BadRequest(
            f"'{name}' in the link is not a valid id. Open the task from your marketplace again.", code="link_damaged"
        )
    return value

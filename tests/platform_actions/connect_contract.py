"""What is known of Connect's API: the paths, queries and bodies of its open-source bindings, and nothing else.

Connect publishes no reference. Where the bindings are silent (messages to participants), the body here is ours, and a
test that passes says nothing about the service.
"""

# ruff: noqa: N815 - members are named as Connect names them

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Completion(Strict):
    value: str
    projectCompletionType: Literal["RedirectUrl", "CompletionCode", "Template"]


class Participants(Strict):
    includedParticipants: list[str] = []
    excludedParticipants: list[str] = []


class Targeting(Strict):
    participants: Participants | None = None


class Project(Strict):
    name: Annotated[str, Field(min_length=1, max_length=500)]
    projectUrl: Annotated[str, Field(pattern=r"^https?://")]
    payment: Annotated[float, Field(gt=0)]
    estimatedTimeInMinutes: Annotated[int, Field(ge=2)]
    participants: Annotated[int, Field(ge=1)]
    summary: Annotated[str, Field(max_length=5000)] = ""
    instructions: str = ""
    internalName: str = ""
    hasSensitiveContent: bool = False
    deviceRequirements: list[Literal["Desktop", "Tablet", "Mobile"]] = []
    completionSettings: Completion | None = None
    maxTimeInMinutes: int | None = None
    platformTargeting: Targeting | None = None


class Status(Strict):
    status: Literal["Unpublished", "Paused", "Live", "Closed", "Completed", "Archived"]


class Participant(Strict):
    id: str
    message: str = ""


class Decided(Strict):
    participants: Annotated[list[Participant], Field(min_length=1)]


class ToldWhy(Participant):
    message: Annotated[str, Field(min_length=1)]


class Rejected(Strict):
    participants: Annotated[list[ToldWhy], Field(min_length=1)]


class Payment(Participant):
    amount: Annotated[float, Field(gt=0)]


class Bonus(Strict):
    bonusPayment: Annotated[list[Payment], Field(min_length=1)]


class Message(Strict):
    projectId: str
    participantId: str
    message: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True)
class Operation:
    """One thing that the bindings do; `query` names what may be asked beside the path."""

    method: str
    path: str
    body: type[BaseModel] | None = None
    query: frozenset[str] = frozenset()


OPERATIONS = (
    Operation("POST", "/api/v1/project", Project),
    Operation("GET", "/api/v1/project", query=frozenset({"Status", "Size", "NextToken"})),
    Operation("GET", "/api/v1/project/{id}"),
    Operation("POST", "/api/v1/project/{id}", Project),
    Operation("POST", "/api/v1/project/{id}/update-status", Status),
    Operation("GET", "/api/v1/assignments/{id}"),
    Operation("POST", "/api/v1/assignments/{id}/approve", Decided),
    Operation("POST", "/api/v1/assignments/{id}/reject", Rejected),
    Operation("POST", "/api/v1/assignments/{id}/reverse-reject", Decided),
    Operation("POST", "/api/v1/assignments/{id}/bonus", Bonus),
    Operation("POST", "/api/v1/conversations/send-message", Message),
)


def violation(method: str, path: str, query: Mapping[str, str], body: Any) -> str:
    """What about a request the bindings would not do; empty if all is as they do it. `body` is None without one."""
    operation = next((one for one in OPERATIONS if one.method == method and _fits(one.path, path)), None)
    if operation is None:
        return f"{method} {path} is not in the bindings"
    unknown = sorted(query.keys() - operation.query)
    if unknown:
        return f"{method} {path} has no parameter {', '.join(unknown)}"
    if operation.body is None:
        return "" if body is None else f"{method} {path} takes no body"
    try:
        TypeAdapter(operation.body).validate_python(body)
    except ValidationError as error:
        return f"{method} {path}: {error}"
    return ""


def _fits(template: str, path: str) -> bool:
    return re.fullmatch(template.replace("{id}", r"[A-Za-z0-9-]+"), path) is not None

"""What is known of Connect's API: the paths, queries and bodies of its open-source bindings, and nothing else.

Connect publishes no reference. Where the bindings are silent (messages to participants), the body here is ours, and a
test that passes says nothing about the service.
"""

# ruff: noqa: N815, RUF012 - members are named as Connect names them, and pydantic copies defaults

from typing import Annotated, Literal

from pydantic import Field

from tests.platform_actions.contract import Operation, Strict


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


class ParticipantWithReason(Participant):
    message: Annotated[str, Field(min_length=1)]


class Rejected(Strict):
    participants: Annotated[list[ParticipantWithReason], Field(min_length=1)]


class Payment(Participant):
    amount: Annotated[float, Field(gt=0)]


class Bonus(Strict):
    bonusPayment: Annotated[list[Payment], Field(min_length=1)]


class Message(Strict):
    projectId: str
    participantId: str
    message: Annotated[str, Field(min_length=1)]


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

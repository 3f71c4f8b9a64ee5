"""The words in which each marketplace states how a task and an assignment stand, and what each word means here."""

from collections.abc import Mapping
from enum import Enum, IntEnum, StrEnum, auto
from typing import Final


class TaskStage(Enum):
    """What a task's status means: not published yet, open or paused (workers may still take it), or over."""

    DRAFT = auto()
    OPEN = auto()
    PAUSED = auto()
    OVER = auto()


class AssignmentStage(IntEnum):
    """What an assignment's status means, in the order of its life.

    A late message of an earlier stage never undoes a later one. An approval may override a rejection, not the reverse.
    """

    RESERVED = auto()
    WORKING = auto()
    TIMED_OUT = auto()
    SUBMITTED = auto()
    GIVEN_BACK = auto()
    REJECTED = auto()
    APPROVED = auto()


class Hit(StrEnum):
    """Statuses of a HIT at Mechanical Turk."""

    ASSIGNABLE = "Assignable"
    UNASSIGNABLE = "Unassignable"
    REVIEWABLE = "Reviewable"
    REVIEWING = "Reviewing"
    DISPOSED = "Disposed"


class HitAssignment(StrEnum):
    """Statuses of an assignment at Mechanical Turk."""

    SUBMITTED = "Submitted"
    APPROVED = "Approved"
    REJECTED = "Rejected"


class ProlificStudy(StrEnum):
    """Statuses of a study at Prolific."""

    UNPUBLISHED = "UNPUBLISHED"
    SCHEDULED = "SCHEDULED"
    PUBLISHING = "PUBLISHING"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    AWAITING_REVIEW = "AWAITING REVIEW"
    COMPLETED = "COMPLETED"


class ProlificSubmission(StrEnum):
    """Statuses of a submission at Prolific."""

    RESERVED = "RESERVED"
    ACTIVE = "ACTIVE"
    TIMED_OUT = "TIMED-OUT"
    RETURNED = "RETURNED"
    AWAITING_REVIEW = "AWAITING REVIEW"
    APPROVED = "APPROVED"
    PARTIALLY_APPROVED = "PARTIALLY APPROVED"
    REJECTED = "REJECTED"
    SCREENED_OUT = "SCREENED OUT"


class ConnectProject(StrEnum):
    """Statuses of a project at CloudResearch Connect."""

    LIVE = "Live"
    PAUSED = "Paused"
    UNPUBLISHED = "Unpublished"
    COMPLETED = "Completed"
    CLOSED = "Closed"
    ARCHIVED = "Archived"


class ConnectAssignment(StrEnum):
    """Statuses of an assignment at CloudResearch Connect."""

    PENDING = "Pending"
    APPROVED = "Approved"
    REJECTED = "Rejected"


# An unassignable HIT has all its places taken; each that a worker returns is open again.
TASK_STAGES: Final[Mapping[str, TaskStage]] = {
    Hit.ASSIGNABLE: TaskStage.OPEN,
    Hit.UNASSIGNABLE: TaskStage.OPEN,
    Hit.REVIEWABLE: TaskStage.OVER,
    Hit.REVIEWING: TaskStage.OVER,
    Hit.DISPOSED: TaskStage.OVER,
    ProlificStudy.UNPUBLISHED: TaskStage.DRAFT,
    ProlificStudy.SCHEDULED: TaskStage.OPEN,
    ProlificStudy.PUBLISHING: TaskStage.OPEN,
    ProlificStudy.ACTIVE: TaskStage.OPEN,
    ProlificStudy.PAUSED: TaskStage.PAUSED,
    ProlificStudy.AWAITING_REVIEW: TaskStage.OVER,
    ProlificStudy.COMPLETED: TaskStage.OVER,
    ConnectProject.LIVE: TaskStage.OPEN,
    ConnectProject.PAUSED: TaskStage.PAUSED,
    ConnectProject.UNPUBLISHED: TaskStage.DRAFT,
    ConnectProject.COMPLETED: TaskStage.OVER,
    ConnectProject.CLOSED: TaskStage.OVER,
    ConnectProject.ARCHIVED: TaskStage.OVER,
}

ASSIGNMENT_STAGES: Final[Mapping[str, AssignmentStage]] = {
    HitAssignment.SUBMITTED: AssignmentStage.SUBMITTED,
    HitAssignment.APPROVED: AssignmentStage.APPROVED,
    HitAssignment.REJECTED: AssignmentStage.REJECTED,
    ProlificSubmission.RESERVED: AssignmentStage.RESERVED,
    ProlificSubmission.ACTIVE: AssignmentStage.WORKING,
    ProlificSubmission.TIMED_OUT: AssignmentStage.TIMED_OUT,
    ProlificSubmission.RETURNED: AssignmentStage.GIVEN_BACK,
    ProlificSubmission.AWAITING_REVIEW: AssignmentStage.SUBMITTED,
    ProlificSubmission.APPROVED: AssignmentStage.APPROVED,
    ProlificSubmission.PARTIALLY_APPROVED: AssignmentStage.APPROVED,
    ProlificSubmission.REJECTED: AssignmentStage.REJECTED,
    ProlificSubmission.SCREENED_OUT: AssignmentStage.GIVEN_BACK,
    ConnectAssignment.PENDING: AssignmentStage.SUBMITTED,
    ConnectAssignment.APPROVED: AssignmentStage.APPROVED,
    ConnectAssignment.REJECTED: AssignmentStage.REJECTED,
}


def task_statuses(*stages: TaskStage) -> tuple[str, ...]:
    """Return the words of all marketplaces for a task at one of these stages."""
    return tuple(str(word) for word, stage in TASK_STAGES.items() if stage in stages)


def assignment_statuses(*stages: AssignmentStage) -> tuple[str, ...]:
    """Return the words of all marketplaces for an assignment at one of these stages."""
    return tuple(str(word) for word, stage in ASSIGNMENT_STAGES.items() if stage in stages)


def assignment_stage(status: str) -> AssignmentStage:
    """Return the stage of a status; a word that is not known yet undoes nothing."""
    return ASSIGNMENT_STAGES.get(status, AssignmentStage.RESERVED)

"""Every table, by the noun it stores."""

from app.models.accounts import ApiToken, AuditEntry, Invitation, Membership, Role, SignIn, SignInAttempt, User
from app.models.base import Base
from app.models.platforms import (
    ActionKind,
    ActionState,
    Exclusion,
    PlatformAction,
    PlatformAssignment,
    PlatformEvent,
    PlatformPlan,
    PlatformTask,
    WorkerPerson,
)
from app.models.reviews import (
    Decision,
    DecisionKind,
    ReportFigures,
    ReportFinding,
    SavedFilter,
    StoredReport,
    Submission,
)
from app.models.self_reports import ModelUse, SelfReport
from app.models.sessions import KEYLOG, WIRE_1, AssignmentIdentity, Epoch, EventBatch, SessionState, WritingSession
from app.models.studies import Item, Study, StudyState, Worker, WorkerIdentity
from app.models.texts import AcrossFinding, JobStep, ReferenceText, StudyFigures, TextJob, TextScore, TrainedModel

__all__ = [
    "KEYLOG",
    "WIRE_1",
    "AcrossFinding",
    "ActionKind",
    "ActionState",
    "ApiToken",
    "AssignmentIdentity",
    "AuditEntry",
    "Base",
    "Decision",
    "DecisionKind",
    "Epoch",
    "EventBatch",
    "Exclusion",
    "Invitation",
    "Item",
    "JobStep",
    "Membership",
    "ModelUse",
    "PlatformAction",
    "PlatformAssignment",
    "PlatformEvent",
    "PlatformPlan",
    "PlatformTask",
    "ReferenceText",
    "ReportFigures",
    "ReportFinding",
    "Role",
    "SavedFilter",
    "SelfReport",
    "SessionState",
    "SignIn",
    "SignInAttempt",
    "StoredReport",
    "Study",
    "StudyFigures",
    "StudyState",
    "Submission",
    "TextJob",
    "TextScore",
    "TrainedModel",
    "User",
    "Worker",
    "WorkerIdentity",
    "WorkerPerson",
    "WritingSession",
]

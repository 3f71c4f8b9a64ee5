"""Every table, by the noun it stores."""

from keytrail.models.accounts import ApiToken, AuditEntry, Invitation, Membership, Role, SignIn, SignInCount, User
from keytrail.models.base import Base
from keytrail.models.installation import InstallationBudget, InstallationFact
from keytrail.models.platforms import (
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
from keytrail.models.reviews import (
    AnalysisFailure,
    Decision,
    DecisionKind,
    ReportFigures,
    ReportFinding,
    SavedFilter,
    StoredReport,
    Submission,
)
from keytrail.models.self_reports import ModelUse, SelfReport
from keytrail.models.sessions import KEYLOG, WIRE_1, AssignmentIdentity, Epoch, EventBatch, SessionState, WritingSession
from keytrail.models.studies import Item, ItemUpload, Study, StudyState, Worker, WorkerIdentity
from keytrail.models.texts import AcrossFinding, JobStep, ReferenceText, StudyFigures, TextJob, TextScore, TrainedModel

__all__ = [
    "KEYLOG",
    "WIRE_1",
    "AcrossFinding",
    "ActionKind",
    "ActionState",
    "AnalysisFailure",
    "ApiToken",
    "AssignmentIdentity",
    "AuditEntry",
    "Base",
    "Decision",
    "DecisionKind",
    "Epoch",
    "EventBatch",
    "Exclusion",
    "InstallationBudget",
    "InstallationFact",
    "Invitation",
    "Item",
    "ItemUpload",
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
    "SignInCount",
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

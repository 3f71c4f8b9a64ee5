"""What Prolific's published reference says of the requests that we make: the paths, queries and bodies, and nothing
else. Written after https://docs.prolific.com/api-reference as of November 2026; no file of theirs is here.
"""

# ruff: noqa: RUF012 - pydantic copies defaults

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tests.platform_actions.contract import Operation, Strict


class Approve(Strict):
    action: Literal["AUTOMATICALLY_APPROVE", "MANUALLY_REVIEW", "DYNAMIC_PAYMENT"]


class RequestReturn(Strict):
    action: Literal["REQUEST_RETURN"]
    return_reason: str


class ScreenOutPayment(Strict):
    action: Literal["FIXED_SCREEN_OUT_PAYMENT"]
    fixed_screen_out_reward: int
    slots: int


class GroupAction(Strict):
    action: Literal["ADD_TO_PARTICIPANT_GROUP", "REMOVE_FROM_PARTICIPANT_GROUP"]
    participant_group: str


CodeAction = Annotated[Approve | RequestReturn | ScreenOutPayment | GroupAction, Field(discriminator="action")]


class CompletionCode(Strict):
    code: Annotated[str, Field(min_length=1)]
    code_type: Literal[
        "COMPLETED", "FAILED_ATTENTION_CHECK", "FOLLOW_UP_STUDY", "GIVE_BONUS", "INCOMPATIBLE_DEVICE", "NO_CONSENT",
        "OTHER", "FIXED_SCREENOUT",
    ]  # fmt: skip
    actor: Literal["participant", "researcher"] = "participant"
    actions: list[CodeAction]


class SelectFilter(Strict):
    filter_id: str
    selected_values: Annotated[list[str], Field(min_length=1)]


class SubmissionsConfig(Strict):
    max_submissions_per_participant: int = 1
    max_concurrent_submissions: int = -1


class CreateStudy(Strict):
    name: Annotated[str, Field(min_length=1, max_length=255)]
    internal_name: str = ""
    description: Annotated[str, Field(min_length=1)]
    external_study_url: Annotated[str, Field(pattern=r"^https?://")]
    is_external_study_url_secure: bool = False
    prolific_id_option: Literal["question", "url_parameters", "not_required"]
    completion_codes: Annotated[list[CompletionCode], Field(min_length=1)]
    total_available_places: Annotated[int, Field(ge=1)]
    estimated_completion_time: Annotated[int, Field(ge=1)]
    maximum_allowed_time: int | None = None
    reward: Annotated[int, Field(ge=1)]
    device_compatibility: list[Literal["desktop", "tablet", "mobile"]] = []
    peripheral_requirements: list[Literal["audio", "camera", "download", "microphone"]] = []
    filters: list[SelectFilter] = []
    project: str = ""
    study_labels: list[Literal["survey", "writing_task", "annotation", "other"]] = []
    submissions_config: SubmissionsConfig = SubmissionsConfig()

    @model_validator(mode="after")
    def _codes_differ(self) -> "CreateStudy":
        codes = [one.code for one in self.completion_codes]
        assert len(set(codes)) == len(codes), "each code must be unique within a study"
        return self


class UpdateStudy(Strict):
    total_available_places: Annotated[int, Field(ge=1)]


class StudyTransition(Strict):
    action: Literal["PUBLISH", "PAUSE", "START", "STOP"]


class Cost(Strict):
    reward: int
    total_available_places: int


class PartPayment(Strict):
    percentage_of_reward: Annotated[int, Field(ge=8, le=99)]
    message_to_participant: str = ""


class SubmissionTransition(Strict):
    action: Literal["APPROVE", "REJECT", "COMPLETE", "RETURN", "SCREEN_OUT", "START", "UNREJECT", "UNRETURN"]
    message: str = ""
    rejection_category: Literal[
        "", "TOO_QUICKLY", "TOO_SLOWLY", "FAILED_INSTRUCTIONS", "INCOMP_LONGITUDINAL", "FAILED_CHECK", "LOW_EFFORT",
        "MALINGERING", "NO_CODE", "BAD_CODE", "NO_DATA", "UNSUPP_DEVICE", "OTHER",
    ] = ""  # fmt: skip
    completion_code: str = ""
    completion_code_data: PartPayment | None = None

    @model_validator(mode="after")
    def _complete(self) -> "SubmissionTransition":
        if self.action == "REJECT":
            assert len(self.message) >= 100, "a rejection has a message of at least 100 characters"
            assert self.rejection_category, "a rejection has a category"
        if self.action == "COMPLETE":
            assert self.completion_code, "completing takes a code"
        return self


class BulkApprove(Strict):
    submission_ids: Annotated[list[str], Field(min_length=1, max_length=1000)]


class ReturnRequest(Strict):
    request_return_reasons: Annotated[list[str], Field(min_length=1)]


class Bonuses(Strict):
    study_id: str
    csv_bonuses: Annotated[str, Field(pattern=r"^[A-Za-z0-9]+,\d+\.\d\d(\n[A-Za-z0-9]+,\d+\.\d\d){0,199}$")]


class Group(Strict):
    workspace_id: str
    name: str
    description: str = ""


class Members(Strict):
    participant_ids: Annotated[list[str], Field(min_length=1)]


class Message(Strict):
    recipient_id: str
    study_id: str
    body: Annotated[str, Field(min_length=1)]


class HookSecret(Strict):
    workspace_id: str


class Subscription(Strict):
    workspace_id: str
    event_type: Literal["submission.status.change", "study.status.change"]
    target_url: Annotated[str, Field(pattern=r"^https://")]


class Confirmation(Strict):
    secret: str


_PAGES = frozenset({"page", "page_size"})
OPERATIONS = (
    Operation("POST", "/api/v1/studies/", CreateStudy),
    Operation("GET", "/api/v1/studies/", query=_PAGES | {"state"}),
    Operation("GET", "/api/v1/studies/{id}/"),
    Operation("PATCH", "/api/v1/studies/{id}/", UpdateStudy),
    Operation("POST", "/api/v1/studies/{id}/transition/", StudyTransition),
    Operation("POST", "/api/v1/studies/{id}/test-study"),
    Operation("POST", "/api/v1/study-cost-calculator/", Cost),
    Operation("GET", "/api/v1/submissions/", query=_PAGES | {"study"}),
    Operation("GET", "/api/v1/submissions/{id}/"),
    Operation("POST", "/api/v1/submissions/{id}/transition/", SubmissionTransition),
    Operation("POST", "/api/v1/submissions/{id}/request-return/", ReturnRequest),
    Operation("POST", "/api/v1/submissions/bulk-approve/", BulkApprove),
    Operation("POST", "/api/v1/submissions/bonus-payments/", Bonuses),
    Operation("POST", "/api/v1/bulk-bonus-payments/{id}/pay/"),
    Operation("GET", "/api/v1/users/me/"),
    Operation("GET", "/api/v1/workspaces/", query=_PAGES),
    Operation("GET", "/api/v1/workspaces/{id}/balance/"),
    Operation("GET", "/api/v1/participant-groups/", query=frozenset({"workspace_id", "active"})),
    Operation("POST", "/api/v1/participant-groups/", Group),
    Operation("POST", "/api/v1/participant-groups/{id}/participants/", Members),
    Operation("DELETE", "/api/v1/participant-groups/{id}/participants/", Members),
    Operation("POST", "/api/v1/messages/", Message),
    Operation("GET", "/api/v1/hooks/secrets/", query=frozenset({"workspace_id"})),
    Operation("POST", "/api/v1/hooks/secrets/", HookSecret),
    Operation("GET", "/api/v1/hooks/subscriptions/", query=frozenset({"workspace_id", "is_enabled"})),
    Operation("POST", "/api/v1/hooks/subscriptions/", Subscription),
    Operation("POST", "/api/v1/hooks/subscriptions/{id}/", Confirmation),
)

"""Client for the requester API of Mechanical Turk, with boto3: every call is safe to repeat.

Calls with a UniqueRequestToken are repeated with the same token; approvals and rejections depend on the assignment's
state. The error by which MTurk refuses a repetition means success here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ParamValidationError

from keytrail.platforms.errors import NotConnected, PlatformFault
from keytrail.platforms.money import decimal_text, in_cents
from keytrail.platforms.statuses import HitAssignment
from keytrail.settings import Settings

_REGION = "us-east-1"
_PAGE = 100
_SERVER_ERROR = 500
_ID = re.compile(r"\b[A-Z0-9]{20,64}\b")
# Of workers, assignments and HITs: capitals and digits. What people read names nobody.
_ANY_ID = re.compile(r"\b(?=[A-Z0-9]*\d)[A-Z0-9]{12,64}\b")
_LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class HitSpec:
    """One HIT to publish. `token` is at most 64 characters; it is also the HIT's annotation, so that the HIT can be
    found.
    """

    type_id: str
    question: str
    assignments: int
    lifetime_s: int
    token: str


class MTurkApi:
    """One requester's account at one endpoint."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def create_type(self, values: Mapping[str, Any]) -> str:
        """Return the id of the HIT type with these values; the same values give the same type."""
        return str(self._call("create_hit_type", **values)["HITTypeId"])

    def create_hit(self, spec: HitSpec) -> Mapping[str, Any]:
        """Return the HIT of this token: a new one, or the one that was published with it before."""
        try:
            answer = self._call(
                "create_hit_with_hit_type",
                HITTypeId=spec.type_id,
                Question=spec.question,
                MaxAssignments=spec.assignments,
                LifetimeInSeconds=spec.lifetime_s,
                RequesterAnnotation=spec.token,
                UniqueRequestToken=spec.token,
            )
        except _Refused as refused:
            if refused.code != "HitAlreadyExists":
                raise
            named = _ID.search(refused.explanation)
            found = self.get_hit(named[0]) if named else self.hit_by_annotation(spec.token)
            if found is None:
                raise
            return found
        hit: Mapping[str, Any] = answer["HIT"]
        return hit

    def hit_by_annotation(self, annotation: str) -> Mapping[str, Any] | None:
        """Return the HIT with this annotation. Searches all HITs of the account."""
        return next(
            (hit for hit in self._pages("list_hits", "HITs") if hit.get("RequesterAnnotation") == annotation), None
        )

    def get_hit(self, hit_id: str) -> Mapping[str, Any]:
        """Return a HIT with its counts."""
        hit: Mapping[str, Any] = self._call("get_hit", HITId=hit_id)["HIT"]
        return hit

    def assignments(self, hit_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield every submitted assignment of a HIT, page by page."""
        return self._pages("list_assignments_for_hit", "Assignments", HITId=hit_id)

    def extend(self, hit_id: str, places: int, token: str) -> None:
        """Bring a HIT to this many places in all; it may have them already."""
        missing = places - int(self.get_hit(hit_id)["MaxAssignments"])
        if missing <= 0:
            return
        try:
            self._call(
                "create_additional_assignments_for_hit",
                HITId=hit_id,
                NumberOfAdditionalAssignments=missing,
                UniqueRequestToken=token,
            )
        except _Refused as refused:
            if refused.code != "DuplicateRequest":
                raise

    def expire(self, hit_id: str) -> None:
        """Expire the HIT: nobody else can accept it; workers who have accepted it may finish."""
        self._call("update_expiration_for_hit", HITId=hit_id, ExpireAt=_LONG_AGO)

    def prolong(self, hit_id: str, until: datetime) -> None:
        """Postpone a HIT's expiry."""
        self._call("update_expiration_for_hit", HITId=hit_id, ExpireAt=until)

    def approve(self, assignment_id: str, feedback: str = "", *, override: bool = False) -> None:
        """Approve an assignment, once. Raises PlatformFault if it was rejected and that must not be overridden."""
        optional = {"RequesterFeedback": feedback} if feedback else {}
        try:
            self._call("approve_assignment", AssignmentId=assignment_id, OverrideRejection=override, **optional)
        except _Refused as refused:
            self._settled(refused, assignment_id, HitAssignment.APPROVED)

    def reject(self, assignment_id: str, feedback: str) -> None:
        """Reject an assignment. Raises PlatformFault if it has been approved."""
        try:
            self._call("reject_assignment", AssignmentId=assignment_id, RequesterFeedback=feedback)
        except _Refused as refused:
            self._settled(refused, assignment_id, HitAssignment.REJECTED)

    def holder(self, assignment_id: str) -> str:
        """Return the id of the worker who submitted an assignment. Its id may have been another worker's before."""
        return str(self._call("get_assignment", AssignmentId=assignment_id)["Assignment"]["WorkerId"])

    def bonus(self, assignment_id: str, cents: int, reason: str, token: str) -> None:
        """Send a bonus, once."""
        try:
            self._call(
                "send_bonus",
                WorkerId=self.holder(assignment_id),
                AssignmentId=assignment_id,
                BonusAmount=decimal_text(cents),
                Reason=reason,
                UniqueRequestToken=token,
            )
        except _Refused as refused:
            if refused.code != "DuplicateRequest":
                raise

    def bonuses(self, assignment_id: str) -> list[tuple[int, str]]:
        """Return an assignment's bonuses: cents and reason."""
        paid = self._pages("list_bonus_payments", "BonusPayments", AssignmentId=assignment_id)
        return [(in_cents(Decimal(bonus["BonusAmount"])), str(bonus["Reason"])) for bonus in paid]

    def qualification_type(self, name: str, description: str) -> str:
        """Return the id of our qualification type of this name, creating it if needed."""
        mine = self._pages(
            "list_qualification_types",
            "QualificationTypes",
            MustBeRequestable=False,
            MustBeOwnedByCaller=True,
            Query=name,
        )
        for kind in mine:
            if kind["Name"] == name:
                return str(kind["QualificationTypeId"])
        made = self._call(
            "create_qualification_type", Name=name, Description=description, QualificationTypeStatus="Active"
        )
        return str(made["QualificationType"]["QualificationTypeId"])

    def grant(self, type_id: str, worker_id: str) -> None:
        """Grant a worker a qualification without notifying the worker."""
        self._call(
            "associate_qualification_with_worker",
            QualificationTypeId=type_id,
            WorkerId=worker_id,
            IntegerValue=1,
            SendNotification=False,
        )

    def revoke(self, type_id: str, worker_id: str) -> None:
        """Revoke a qualification; a worker without it is ignored."""
        try:
            self._call("disassociate_qualification_from_worker", QualificationTypeId=type_id, WorkerId=worker_id)
        except _Refused as refused:
            if refused.code not in {"InvalidQualificationState", "QualificationDoesNotExist"}:
                raise

    def message(self, worker_id: str, subject: str, text: str) -> None:
        """Message a worker. There is no token for this, so a repetition sends it again. Raises PlatformFault."""
        answer = self._call("notify_workers", Subject=subject, MessageText=text, WorkerIds=[worker_id])
        for failure in answer.get("NotifyWorkersFailureStatuses", []):
            said = str(failure.get("NotifyWorkersFailureMessage", "The message was not accepted."))
            raise PlatformFault(_ANY_ID.sub("(id)", said))

    def balance(self) -> str:
        """Return the account's balance, in dollars as the platform writes it."""
        return str(self._call("get_account_balance")["AvailableBalance"])

    def _settled(self, refused: "_Refused", assignment_id: str, wanted: str) -> None:
        """Treat a refusal as success if the assignment has the wanted state; otherwise raise it with the state."""
        if refused.code != "InvalidAssignmentState":
            raise refused
        status = str(self._call("get_assignment", AssignmentId=assignment_id)["Assignment"]["AssignmentStatus"])
        if status != wanted:
            raise PlatformFault(f"The platform says that this assignment is {status.lower()}.") from refused

    def _pages(self, operation: str, key: str, **parameters: Any) -> Iterator[Mapping[str, Any]]:
        token: dict[str, str] = {}
        while True:
            answer = self._call(operation, MaxResults=_PAGE, **parameters, **token)
            yield from answer.get(key, ())
            if not answer.get("NextToken"):
                return
            token = {"NextToken": answer["NextToken"]}

    def _call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        try:
            answer: Mapping[str, Any] = getattr(self._client, operation)(**parameters)
        except ClientError as error:
            raise _Refused(error) from error
        except (ParamValidationError, NoCredentialsError) as error:
            raise PlatformFault(f"The platform was not asked: {error}") from error
        except BotoCoreError as error:
            # Even where the last try found nobody, an earlier one of the client's own may have been taken.
            raise PlatformFault(f"The platform did not answer: {error}", unsure=True) from error
        return answer


class _Refused(PlatformFault):
    """An error from MTurk; `code` is the last part of its TurkErrorCode."""

    def __init__(self, error: ClientError) -> None:
        answer: Mapping[str, Any] = error.response
        explanation = answer.get("Message") or answer.get("Error", {}).get("Message") or str(error)
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        super().__init__(f"The platform says: {_ANY_ID.sub('(id)', str(explanation))}", unsure=status >= _SERVER_ERROR)
        self.explanation = str(explanation)
        self.code = str(answer.get("TurkErrorCode", answer.get("Error", {}).get("Code", ""))).rpartition(".")[2]  # type: ignore[misc]  # each refusal has a code of its own


def connect_mturk(settings: Settings) -> MTurkApi:
    """Return the account from AWS's own configuration, at the configured endpoint. Raises NotConnected."""
    if settings.mturk_endpoint is None:
        raise NotConnected(
            "No marketplace is configured. Set KEYTRAIL_MTURK_ENDPOINT to the requester API to publish on "
            "(docs/platforms.md), and restart."
        )
    # A fifth of a second, which whoever asks no marketplace does not pay.
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    try:
        session = boto3.Session(**_credentials(settings))
        if session.get_credentials() is None:
            raise NotConnected(
                "There are no AWS credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them to "
                "~/.aws/credentials, as for any AWS tool."
            )
        client = session.client(
            "mturk",
            endpoint_url=settings.mturk_endpoint,
            region_name=_REGION,
            config=Config(retries={"mode": "adaptive", "total_max_attempts": 5}, connect_timeout=5, read_timeout=30),
        )
    except BotoCoreError as error:
        raise NotConnected(f"AWS's configuration is invalid: {error}") from error
    return MTurkApi(client)


def _credentials(settings: Settings) -> dict[str, str]:
    if settings.mturk_credentials_file is None:
        return {}
    from botocore.credentials import SharedCredentialProvider  # noqa: PLC0415  # as above

    found = SharedCredentialProvider(str(settings.mturk_credentials_file), profile_name="default").load()
    if found is None:
        raise NotConnected(f"{settings.mturk_credentials_file} holds no AWS credentials under [default].")
    return {"aws_access_key_id": found.access_key, "aws_secret_access_key": found.secret_key}

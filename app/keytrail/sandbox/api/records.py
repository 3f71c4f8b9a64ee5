"""Records of the API: the marketplace's objects as MTurk's data structures."""

from datetime import datetime
from typing import Any

from keytrail.sandbox.market.money import to_dollars
from keytrail.sandbox.market.places import Places
from keytrail.sandbox.tables import Assignment, Bonus, Hit, Qualification, QualificationRequest, QualificationType

Record = dict[str, Any]


def hit_record(hit: Hit, places: Places) -> Record:
    """HIT."""
    kind = hit.type
    return _given(
        HITId=hit.id,
        HITTypeId=kind.id,
        HITGroupId=kind.group_id,
        CreationTime=_seconds(hit.created_at),
        Title=kind.title,
        Description=kind.description,
        Question=hit.question,
        Keywords=kind.keywords or None,
        HITStatus=hit.status,
        MaxAssignments=hit.max_assignments,
        Reward=to_dollars(kind.reward_cents),
        AutoApprovalDelayInSeconds=kind.approval_delay_s,
        Expiration=_seconds(hit.expires_at),
        AssignmentDurationInSeconds=kind.duration_s,
        RequesterAnnotation=hit.annotation,
        QualificationRequirements=kind.requirements,
        HITReviewStatus="NotReviewed",
        NumberOfAssignmentsPending=places.pending,
        NumberOfAssignmentsAvailable=places.available,
        NumberOfAssignmentsCompleted=places.completed,
    )


def assignment_record(assignment: Assignment) -> Record:
    """Assignment."""
    return _given(
        AssignmentId=assignment.id,
        WorkerId=assignment.worker_id,
        HITId=assignment.hit_id,
        AssignmentStatus=assignment.status,
        AutoApprovalTime=_seconds(assignment.approve_at),
        AcceptTime=_seconds(assignment.accepted_at),
        SubmitTime=_seconds(assignment.submitted_at),
        ApprovalTime=_seconds(assignment.approved_at),
        RejectionTime=_seconds(assignment.rejected_at),
        Deadline=_seconds(assignment.deadline),
        Answer=assignment.answer,
        RequesterFeedback=assignment.feedback,
    )


def qualification_type_record(kind: QualificationType) -> Record:
    """QualificationType."""
    return _given(
        QualificationTypeId=kind.id,
        CreationTime=_seconds(kind.created_at),
        Name=kind.name,
        Description=kind.description,
        Keywords=kind.keywords or None,
        QualificationTypeStatus="Active" if kind.active else "Inactive",
        RetryDelayInSeconds=kind.retry_delay_s,
        IsRequestable=not kind.system,
        AutoGranted=kind.auto_granted,
        AutoGrantedValue=kind.auto_granted_value if kind.auto_granted else None,
    )


def qualification_record(held: Qualification) -> Record:
    """Qualification."""
    return _given(
        QualificationTypeId=held.type_id,
        WorkerId=held.worker_id,
        GrantTime=_seconds(held.granted_at),
        IntegerValue=held.value,
        Status="Granted" if held.granted else "Revoked",
    )


def qualification_request_record(request: QualificationRequest) -> Record:
    """QualificationRequest."""
    return _given(
        QualificationRequestId=request.id,
        QualificationTypeId=request.type_id,
        WorkerId=request.worker_id,
        SubmitTime=_seconds(request.requested_at),
    )


def bonus_record(bonus: Bonus) -> Record:
    """BonusPayment."""
    return _given(
        WorkerId=bonus.worker_id,
        BonusAmount=to_dollars(bonus.cents),
        AssignmentId=bonus.assignment_id,
        Reason=bonus.reason,
        GrantTime=_seconds(bonus.granted_at),
    )


def _seconds(moment: datetime | None) -> float | None:
    """Return a time as seconds since 1970."""
    return None if moment is None else moment.timestamp()


def _given(**values: Any) -> Record:
    """Drop absent values, which are never sent as null."""
    return {name: value for name, value in values.items() if value is not None}

"""The part of the JSON API that changes something or moves data and money. Each takes a scope of its own."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from keytrail.exports.selection import Selection
from keytrail.exports.tables import media_type, stream, table_of
from keytrail.models import AuditAction, DecisionKind, User
from keytrail.platform_actions.action_list import action_lines
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.send_preview import balance_in_words, preview_sending, require_as_shown
from keytrail.platforms.money import money
from keytrail.requester.api_shapes import DecisionShape
from keytrail.requester.people.access import require_owner, require_reviewer, study_for, token_of_scope
from keytrail.requester.platform.dependencies import CurrentSender
from keytrail.requester.platform.payments_page import MOST_AT_ONCE, ActionNumber
from keytrail.requester.write_shapes import ActionShape, PreviewShape, SentShape
from keytrail.review.judging.decisions import DecisionInput, decide
from keytrail.review.judging.reasons import REASONS
from keytrail.review.queue.submissions import worker_submission
from keytrail.users.audit_log import record_action
from keytrail.web.ascii_json import AsciiJSON
from keytrail.web.services import CurrentServices, Now, ReadSession, WriteSession

router = APIRouter(prefix="/api/v1", tags=["requester"])

DecidingUser = Annotated[User, Depends(token_of_scope("decisions"))]
ExportingUser = Annotated[User, Depends(token_of_scope("exports"))]
PayingUser = Annotated[User, Depends(token_of_scope("payments"))]


class DecisionRequest(BaseModel):
    """A decision about a submission."""

    kind: DecisionKind
    reason: str = Field("", description="Id of a reason, or empty.", json_schema_extra={"enum": ["", *REASONS]})
    note: str = Field("", max_length=5000)
    decisions_seen: int | None = Field(
        None, ge=0, description="How many decisions you have read; refused if somebody has decided since."
    )


class ActionChoice(BaseModel):
    """Actions by number. `fingerprint` comes from the preview that a person, or your program, has read."""

    actions: list[ActionNumber] = Field(min_length=1, max_length=MOST_AT_ONCE)
    fingerprint: str = Field("", max_length=64)


@router.post("/submissions/{submission_id}/decisions", status_code=201, response_model=DecisionShape)
def record_decision(
    submission_id: str, request: DecisionRequest, user: DecidingUser, db: WriteSession, now: Now
) -> Response:
    """Record a decision; it queues a payment and sends nothing. Security: for reviewers and owners."""
    submission, role = worker_submission(db, submission_id, user)
    require_reviewer(role)
    choice = DecisionInput(request.kind, request.reason, request.note, decisions_seen=request.decisions_seen)
    decision = decide(db, submission, user, choice, now)
    recorded = DecisionShape(
        kind=decision.kind, reason=decision.reason, note=decision.note, by=user.email, at=decision.decided_at
    )
    return AsciiJSON(recorded.model_dump(mode="json"), status_code=201)


@router.get("/studies/{study}/export/{table}")
def export_table(
    study: str,
    table: str,
    user: ExportingUser,
    db: WriteSession,
    services: CurrentServices,
    now: Now,
    file_format: Annotated[str, Query(alias="format", description="csv, xlsx, jsonl or parquet")] = "csv",
) -> Response:
    """A table of a study as a file, with pseudonyms. Security: for reviewers and owners; it stands in the audit log."""
    found, role = study_for(db, study, user)
    require_reviewer(role)
    wanted, kind = table_of(table), media_type(file_format)
    detail = {"table": table, "format": file_format}
    record_action(db, AuditAction.EXPORT, now, user_id=user.id, study_id=found.id, detail=detail)
    pieces = stream(services.database, wanted, file_format, Selection(found.id, study))
    return StreamingResponse(pieces, media_type=kind)


@router.get("/studies/{study}/payments", response_model=list[ActionShape])
def payment_actions(study: str, user: PayingUser, db: ReadSession) -> Response:
    """What was asked of the platform, newest first, and what still waits. Security: for owners."""
    found, role = study_for(db, study, user)
    require_owner(role)
    lines = [ActionShape.from_line(line).model_dump(mode="json") for line in action_lines(db, found)]
    return AsciiJSON(lines)


@router.post("/studies/{study}/payments/preview", response_model=PreviewShape)
def preview_payments(
    study: str, choice: ActionChoice, user: PayingUser, db: ReadSession, services: CurrentServices, now: Now
) -> Response:
    """What sending these actions would do and cost; changes nothing. Security: for owners who may publish and pay."""
    found, role = study_for(db, study, user)
    require_owner(role)
    plan = preview_sending(db, found, choice.actions, user.id, now)
    db.close()  # no request waits for the platform while it holds a connection
    shape = PreviewShape(
        summary=plan.sentence,
        fingerprint=plan.fingerprint,
        workers=plan.workers,
        amount=money(plan.pay.workers, found.currency),
        fees=money(plan.pay.fees, found.currency),
        total=money(plan.pay.total, found.currency),
        balance=balance_in_words(Connections(services.settings), found),
        within_budget=plan.within_budget,
        actions=[ActionShape.from_line(line) for line in plan.lines],
        rejections=[ActionShape.from_line(rejection.line) for rejection in plan.rejections],
        blocked=[ActionShape.from_line(line) for line in plan.blocked],
    )
    return AsciiJSON(shape.model_dump(mode="json"))


@router.post("/studies/{study}/payments/sending", response_model=list[SentShape])
def send_payments(
    study: str, choice: ActionChoice, user: PayingUser, db: ReadSession, sender: CurrentSender, now: Now
) -> Response:
    """Send what a preview with this fingerprint showed; 409 if it has changed. For owners who may publish and pay."""
    found, role = study_for(db, study, user)
    require_owner(role)
    plan = preview_sending(db, found, choice.actions, user.id, now)
    require_as_shown(plan, choice.fingerprint)
    db.close()  # no request waits for a connection, or for the platform, while it holds one
    sent = sender.send_all(found.id, plan.numbers, user.id)
    shapes = [
        SentShape(action=one.action_id, state=str(one.state), outcome=one.outcome, sent_elsewhere=one.elsewhere)
        for one in sent
    ]
    return AsciiJSON([shape.model_dump(mode="json") for shape in shapes])

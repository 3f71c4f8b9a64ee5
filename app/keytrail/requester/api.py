"""The JSON API, version 1, with bearer tokens."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from keytrail.errors import BadRequest
from keytrail.models import AuditAction, Submission
from keytrail.requester.api_shapes import (
    DecisionShape,
    EpochShape,
    Events,
    Studies,
    StudyShape,
    SubmissionListItem,
    SubmissionListShape,
    SubmissionShape,
)
from keytrail.requester.people.access import EventsUser, TokenUser, require_reviewer, study_for
from keytrail.review.judging.decisions import decisions_of
from keytrail.review.judging.settlement import decides_unseen, latest_decisions
from keytrail.review.queue.filters import Filters
from keytrail.review.queue.submissions import list_submissions, worker_submission
from keytrail.sessions.eventlog import batches_of, events_of
from keytrail.studies import memberships
from keytrail.synthetic.rules import RULES
from keytrail.users.audit_log import record_action
from keytrail.web.ascii_json import AsciiJSON
from keytrail.web.services import CurrentServices, Now, ReadSession

router = APIRouter(prefix="/api/v1", tags=["requester"])

_NO_REPORT: dict[str, Any] = {
    "origins": {},
    "spans": [],
    "findings": [],
    "integrity": {},
    "measures": {},
    "accounted_share": None,
    "source_share": None,
    "analysis_version": None,
}


@router.get("/studies", response_model=Studies)
def studies(user: TokenUser, db: ReadSession) -> Response:
    """Every study that the token's user has a role in."""
    found = Studies(items=[StudyShape.from_study(study, role) for study, role in memberships(db, user)])
    return AsciiJSON(found.model_dump(mode="json"))


@router.get("/studies/{study}/submissions", response_model=SubmissionListShape)
def submissions(
    study: str,
    user: TokenUser,
    db: ReadSession,
    verdict: Annotated[str | None, Query(description="clear, review, strong or unverifiable")] = None,
    finding: Annotated[
        str | None, Query(description="id of a finding", json_schema_extra={"enum": list(RULES)})
    ] = None,
    item: Annotated[str | None, Query(description="id of an item")] = None,
    worker: Annotated[str | None, Query(description="pseudonym of a worker")] = None,
    cursor: Annotated[str | None, Query(description="next_cursor of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Submissions of a study, newest first."""
    found, _ = study_for(db, study, user)
    filters = Filters(verdict=verdict, finding=finding, item=item, worker=worker, before=_number(cursor))
    listed = list_submissions(db, found.id, filters, limit)
    page = SubmissionListShape(
        items=[SubmissionListItem.from_submission(row) for row in listed.rows],
        next_cursor=None if listed.next_before is None else str(listed.next_before),
    )
    return AsciiJSON(page.model_dump(mode="json"))


@router.get("/submissions/{submission_id}", response_model=SubmissionShape)
def submission(submission_id: str, user: TokenUser, db: ReadSession) -> Response:
    """One submission: text, verdict, findings, origins and spans."""
    found, role = worker_submission(db, submission_id, user)
    decisions = decisions_of(db, found)
    shown = [] if decides_unseen(latest_decisions(decisions), found, user, role) else decisions
    shapes = [DecisionShape.from_decision(decision).model_dump(mode="json") for decision in shown]
    return AsciiJSON(_whole(found) | {"decisions": shapes})


@router.get("/submissions/{submission_id}/events", response_model=Events)
def events(submission_id: str, user: EventsUser, db: ReadSession, services: CurrentServices, now: Now) -> Response:
    """The recorded events of a submission, by page load, in wire format 1.

    Security: for reviewers and owners, like the export; each reading is recorded in the study's audit log.
    """
    found, role = worker_submission(db, submission_id, user)
    require_reviewer(role)
    db.close()  # no request waits for a connection while it holds one
    with services.database.writing() as noting:
        detail = {"submission": submission_id}
        record_action(noting, AuditAction.READ_EVENTS, now, user_id=user.id, study_id=found.study_id, detail=detail)
    epochs = [
        EpochShape(
            epoch=epoch.number,
            opened_at=epoch.opened_at,
            format=epoch.format,
            events=[event for batch in batches for event in events_of(batch)],
        )
        for epoch, batches in batches_of(db, found.session_id)
    ]
    return AsciiJSON(Events(masked_at=found.session.masked_at, epochs=epochs).model_dump(mode="json"))


def _whole(found: Submission) -> dict[str, Any]:
    row = SubmissionListItem.from_submission(found).model_dump(mode="json")
    report = found.report.body if found.report else {}
    return row | {
        "study": found.study.slug,
        "text": found.text,
        "comment": found.comment,
        "log_complete": found.log_complete,
        **{key: report.get(key, default) for key, default in _NO_REPORT.items()},
    }


def _number(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isdecimal() or len(cursor) > 18:  # noqa: PLR2004  # beyond any row number
        raise BadRequest("'cursor' is not one that this API gave. Start again without it.")
    return int(cursor)

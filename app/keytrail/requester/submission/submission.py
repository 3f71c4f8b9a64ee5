"""The page of one submission: text, findings, item, decision."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.models import AnalysisFailure, DecisionKind, Submission
from keytrail.requester.people.access import CurrentUser, require_reviewer, same_origin
from keytrail.requester.queue.filter_form import ChosenFilters, CurrentFilters
from keytrail.requester.submission.decision_form import DecisionDraft
from keytrail.requester.submission.page import SubmissionPageOptions, SubmissionReader, submission_page
from keytrail.review.judging.claims import claim, release
from keytrail.review.judging.decisions import DecisionInput, decide
from keytrail.review.judging.objections import answer_objection
from keytrail.review.queue.queue import Reviewer, next_in_queue, place_of
from keytrail.review.queue.submissions import submission_and_role
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession, WriteSession

router = APIRouter(prefix="/submissions", include_in_schema=False, dependencies=[Depends(same_origin)])


@router.get("/{public_id}")
def show_submission(
    public_id: str,
    user: CurrentUser,
    db: ReadSession,
    render: CurrentPages,
    now: Now,
    chosen: CurrentFilters,
    services: CurrentServices,
    queue: str = "",
    last: str = "",
    replay: str = "",
) -> Response:
    """Security: answers 404 to users without a role in the submission's study."""
    submission, role = submission_and_role(db, public_id, user)
    asked = SubmissionPageOptions(queue, chosen, last, services.replays if replay else None)
    return render.render(submission_page(db, submission, SubmissionReader(user, role, now), asked))


@router.get("/{public_id}/state")
def analysis_state(public_id: str, user: CurrentUser, db: ReadSession, attempts: int = 0) -> Response:
    """Answer the page that waits for the analysis; it names the number of failed attempts that it knows."""
    submission, _ = submission_and_role(db, public_id, user)
    failure = None if submission.report else db.get(AnalysisFailure, submission.id)
    failed = failure is not None and failure.attempts > attempts
    return JSONResponse({"analysed": submission.report is not None, "failed": failed})


@router.post("/{public_id}/claim")
def renew_claim(public_id: str, user: CurrentUser, db: WriteSession, now: Now) -> Response:
    """Extend the claim while the page is open."""
    submission, role = submission_and_role(db, public_id, user)
    require_reviewer(role)
    return JSONResponse({"held": claim(submission, user, now)})


@router.post("/{public_id}/release")
def release_claim(
    public_id: str, user: CurrentUser, db: WriteSession, queue: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Release the claim and return to the queue with the reader's filters."""
    submission, role = submission_and_role(db, public_id, user)
    require_reviewer(role)
    release(submission, user)
    return RedirectResponse(
        ChosenFilters.from_query(queue).address(f"/studies/{submission.study.slug}/queue"), status_code=303
    )


@router.post("/{public_id}/decisions")
def record_decision(
    public_id: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    kind: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    verdict_seen: Annotated[str, Form(max_length=16)] = "",
    analysis_version_seen: Annotated[str, Form(max_length=32)] = "",
    decisions_seen: Annotated[int | None, Form(ge=0)] = None,
    queue: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Security: 404 for outsiders, 403 for viewers."""
    submission, role = submission_and_role(db, public_id, user)
    require_reviewer(role)
    try:
        seen = (verdict_seen or None, analysis_version_seen or None, decisions_seen)
        decide(db, submission, user, DecisionInput(_kind(kind), reason, note, *seen), now)
    except (BadRequest, Conflict) as problem:
        if problem.error_code == "nothing_to_undo":
            raise
        draft = DecisionDraft(kind, reason, note, problem.message)
        asked = SubmissionPageOptions(queue, ChosenFilters.from_query(queue))
        page = submission_page(db, submission, SubmissionReader(user, role, now), asked, draft)
        return render.render(page, status=problem.status)
    return RedirectResponse(_onward(db, submission, Reviewer(user, now), kind, queue), status_code=303)


@router.post("/{public_id}/objection")
def record_answer(
    public_id: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    answer: Annotated[str, Form()] = "",
) -> Response:
    """Answer the worker's objection. Security: 404 for outsiders, 403 for viewers."""
    submission, role = submission_and_role(db, public_id, user)
    require_reviewer(role)
    try:
        answer_objection(db, submission, user, answer, now)
    except (BadRequest, Conflict) as problem:
        asked = SubmissionPageOptions(answer=answer, answer_problem=problem.message)
        page = submission_page(db, submission, SubmissionReader(user, role, now), asked)
        return render.render(page, status=problem.status)
    return RedirectResponse(f"/submissions/{public_id}#objection", status_code=303)


def _onward(db: Session, submission: Submission, reviewer: Reviewer, kind: str, queue: str) -> str:
    """Return the address after a decision: the next in the queue, or the page."""
    public_id = submission.public_id
    if not queue:
        return f"/submissions/{public_id}#decision"
    chosen = ChosenFilters.from_query(queue)
    if kind == DecisionKind.WITHDRAWN:
        claim(submission, reviewer.user, reviewer.now)
        return chosen.address(f"/submissions/{public_id}", queue="1")
    found = next_in_queue(db, submission.study_id, chosen.filters(), reviewer, place_of(submission))
    if found is None:
        return chosen.address(f"/studies/{submission.study.slug}/queue", finished="1")
    return chosen.address(f"/submissions/{found.public_id}", queue="1", last=public_id)


def _kind(kind: str) -> DecisionKind:
    try:
        return DecisionKind(kind)
    except ValueError:
        raise BadRequest("Choose what to do with the submission first.", code="decision_missing") from None

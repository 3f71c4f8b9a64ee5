"""One submission: the text with its origins, the findings, the item beside it, and the decision."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import JSONResponse, RedirectResponse, Response

from app.errors import BadRequest, Forbidden
from app.models import DecisionKind, Role
from app.requester.access import CurrentUser, same_origin
from app.requester.decision_form import Draft
from app.requester.submission_page import submission_page
from app.review.decisions import Choice, decide
from app.review.submissions import submission_and_role
from app.web.pages import CurrentPages
from app.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/submissions", include_in_schema=False, dependencies=[Depends(same_origin)])


@router.get("/{public_id}")
def show_submission(
    public_id: str, user: CurrentUser, db: ReadSession, render: CurrentPages, replay: str = ""
) -> Response:
    """Security: answers 404 to whoever has no role in the submission's study."""
    submission, role = submission_and_role(db, public_id, user)
    return render.render(submission_page(db, submission, user, role, replay=bool(replay)))


@router.get("/{public_id}/state")
def analysis_state(public_id: str, user: CurrentUser, db: ReadSession) -> Response:
    """For the page that waits for the analysis."""
    submission, _ = submission_and_role(db, public_id, user)
    return JSONResponse({"analysed": submission.report is not None})


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
) -> Response:
    """Security: 404 for outsiders, 403 for viewers."""
    submission, role = submission_and_role(db, public_id, user)
    if role == Role.VIEWER:
        raise Forbidden("You may look at this study, but not decide. Ask its owner to make you a reviewer.")
    try:
        choice = Choice(_kind(kind), reason, note, verdict_seen or None, analysis_version_seen or None)
        decide(db, submission, user, choice, now)
    except BadRequest as problem:
        draft = Draft(kind, reason, note, problem.message)
        return render.render(submission_page(db, submission, user, role, draft=draft), status=problem.status)
    return RedirectResponse(f"/submissions/{public_id}#decision", status_code=303)


def _kind(kind: str) -> DecisionKind:
    try:
        return DecisionKind(kind)
    except ValueError:
        raise BadRequest("Choose what to do with the submission first.", code="decision_missing") from None

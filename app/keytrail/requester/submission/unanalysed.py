"""An unanalysed submission, whose analysis failed: the page's message, and the retry."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, BackgroundTasks, Depends
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.models import AnalysisFailure, Role, Submission
from keytrail.requester.people.access import CurrentUser, require_reviewer, same_origin
from keytrail.review.analysis.failures import forget_failure, is_first_try
from keytrail.review.queue.submissions import submission_and_role
from keytrail.web.services import CurrentServices, WriteSession

router = APIRouter(prefix="/submissions", include_in_schema=False, dependencies=[Depends(same_origin)])


@dataclass(frozen=True)
class FailedAnalysis:
    """Why there is no report; `next_at` is None if it is not retried automatically."""

    reason: str
    attempts: int
    failed_at: datetime
    next_at: datetime | None
    may_retry: bool


def failed_analysis(db: Session, submission: Submission, role: Role) -> FailedAnalysis | None:
    """Return it; None for a submission that has a report or waits for its first analysis."""
    failure = None if submission.report else db.get(AnalysisFailure, submission.id)
    if failure is None or is_first_try(failure):
        return None
    may_retry = role != Role.VIEWER
    return FailedAnalysis(failure.reason, failure.attempts, failure.failed_at, failure.next_at, may_retry)


@router.post("/{public_id}/analysis")
def analyse_again(
    public_id: str, user: CurrentUser, db: WriteSession, services: CurrentServices, after: BackgroundTasks
) -> Response:
    """Retry a failed analysis now. Security: 404 for outsiders, 403 for viewers."""
    submission, role = submission_and_role(db, public_id, user)
    require_reviewer(role)
    if submission.report is None:
        forget_failure(db, submission.id)
        after.add_task(services.analyst.soon, submission.id)
    return RedirectResponse(f"/submissions/{public_id}", status_code=303)

"""Ask for a self-report after submission, if the study does: the question about language models, and the way back."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response
from sqlalchemy import select

from keytrail.errors import Conflict
from keytrail.language import message
from keytrail.models import ModelUse, Study, Submission, WritingSession
from keytrail.sessions.self_reports import is_self_report_due, record_self_report
from keytrail.web.pages import CurrentPages
from keytrail.worker.context import CurrentContext, WorkerContext
from keytrail.worker.copies import copy_url
from keytrail.worker.pages import FinishPage, QuestionPage

router = APIRouter(prefix="/task", include_in_schema=False)


def question_url(study: Study) -> str:
    """Return the address of the question."""
    return f"/task/{study.slug}/afterwards"


def closing_page(
    context: WorkerContext, study: Study, session: WritingSession, submission: Submission, token: str
) -> QuestionPage | FinishPage:
    """Return the page for a worker who has submitted; `token` is the page's ticket, which the answer carries."""
    if is_self_report_due(context.db, study, submission):
        return QuestionPage(context.language, study.title, question_url(study), token)
    finish = context.finish(study, session, submission.public_id)
    copy = copy_url(context, study, session, submission)
    return FinishPage.from_finish(study, finish, submission.public_id, copy=copy)


@router.post("/{slug}/afterwards")
def receive_self_report(
    slug: str,
    token: Annotated[str, Form(alias="ticket")],
    context: CurrentContext,
    pages: CurrentPages,
    model_use: Annotated[ModelUse | None, Form()] = None,
) -> Response:
    """Show the question, or store the answer and continue. Without an answer nothing is stored, and the question
    remains.
    """
    study, session, _ = context.session_of(slug, token)
    submission = context.db.scalar(select(Submission).where(Submission.session_id == session.id))
    if submission is None:
        raise Conflict(message("Your text is not in yet. Go back and submit it first."), code="not_submitted")
    if model_use is None or not study.asks_model_use:
        return pages.render(closing_page(context, study, session, submission, token))
    record_self_report(context.db, submission, model_use, context.now)
    finish = context.finish(study, session, submission.public_id)
    copy = copy_url(context, study, session, submission)
    return pages.render(FinishPage.from_finish(study, finish, submission.public_id, copy=copy, onward=True))

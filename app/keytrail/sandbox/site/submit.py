"""Receive a submitted task's form: POST /mturk/externalSubmit, from inside the frame."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse

from keytrail.errors import BadRequest, DomainError, NotFound
from keytrail.sandbox.answers import answers_xml
from keytrail.sandbox.market.form_answers import require_complete, selections_of
from keytrail.sandbox.market.question import parse_question
from keytrail.sandbox.market.question_form import QuestionForm
from keytrail.sandbox.market.review_policy import apply_policy
from keytrail.sandbox.market.work import submit
from keytrail.sandbox.site.context import CurrentContext, SandboxContext, Work
from keytrail.sandbox.site.render import Page
from keytrail.sandbox.tables import Assignment, Hit, Trial
from keytrail.sandbox.trials import submit_trial

SUBMIT_PATH = "/mturk/externalSubmit"
"""What a task adds to `turkSubmitTo` for its form's action."""

router = APIRouter()

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class SubmittedPage(Page):
    """Shown inside the frame; its link leaves the frame. `done`: the work was accepted."""

    template: ClassVar[str] = "submitted.html"
    heading: str
    message: str
    next_url: str
    next_label: str
    done: bool = True


@router.post(SUBMIT_PATH)
async def external_submit(context: CurrentContext, request: Request) -> HTMLResponse:
    """Security: the assignment's id authorises the request, because a frame on another site gets no cookies of ours."""
    async with request.form() as form:
        fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return await run_in_threadpool(_submit, context, fields)


def _submit(context: SandboxContext, fields: Fields) -> HTMLResponse:
    try:
        page = _accept(context, fields)
        status = 200
    except DomainError as error:
        page = SubmittedPage(
            heading="Not submitted",
            message=error.message,
            next_url="/",
            next_label="To the sandbox marketplace",
            done=False,
        )
        status = error.status
    return context.pages.show(page, status=status, ancestors="'self'")


def _accept(context: SandboxContext, fields: Fields) -> SubmittedPage:
    ids = [value for name, value in fields if name == "assignmentId"]
    answer = [(name, value) for name, value in fields if name != "assignmentId"]
    if not ids:
        raise BadRequest("The form has no assignmentId, so nobody can say whose work this is.")
    if not answer:
        raise BadRequest("The form holds nothing but the assignmentId. A marketplace refuses an empty answer.")
    with context.work() as work:
        assignment, trial = work.db.get(Assignment, ids[0]), work.db.get(Trial, ids[0])
        if assignment is not None:
            return _hand_in(work, context, assignment, answer)
        if trial is not None:
            return _hand_in_trial(work, trial, answer)
        raise NotFound("There is no assignment of this id.")


def _hand_in(work: Work, context: SandboxContext, assignment: Assignment, answer: Fields) -> SubmittedPage:
    hit = work.db.get_one(Hit, assignment.hit_id)
    submit(work.db, hit, assignment, _answer_to(hit, answer), work.now)
    apply_policy(work.db, hit, assignment, answer, context.config.fees, work.now)
    return SubmittedPage(
        heading="Submitted. Thank you.",
        message="The requester will look at your work. Your earnings page shows what becomes of it.",
        next_url=f"/groups/{hit.type.group_id}",
        next_label="Next HIT of this kind",
    )


def _answer_to(hit: Hit, fields: Fields) -> str:
    form = parse_question(hit.question)
    if not isinstance(form, QuestionForm):
        return answers_xml(fields)
    require_complete(form, fields)
    return answers_xml(fields, selections_of(form))


def _hand_in_trial(work: Work, trial: Trial, answer: Fields) -> SubmittedPage:
    submit_trial(trial, answers_xml(answer), work.now)
    return SubmittedPage(
        heading="Submitted. Thank you.",
        message="The sandbox marketplace has received your work. No money moves here.",
        next_url=f"/try/{trial.slug}",
        next_label="Try again as a new worker",
    )

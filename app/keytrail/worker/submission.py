"""Receive the submission (the final text) from the task page's script."""

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from keytrail.language import message
from keytrail.models import Study, Submission, WritingSession
from keytrail.platforms import Finish
from keytrail.platforms.registry import phrases_of
from keytrail.sessions.self_reports import is_self_report_due
from keytrail.sessions.statements import stated_origins
from keytrail.sessions.submission import Answer, submit
from keytrail.worker.context import CurrentContext, WorkerContext
from keytrail.worker.copies import copy_url
from keytrail.worker.events import MAX_SEQ
from keytrail.worker.request_body import parse, read_body
from keytrail.worker.self_reports import question_url

router = APIRouter(prefix="/api/worker", tags=["worker"])

_MAX_BYTES = 2_000_000


class SubmissionBody(BaseModel):
    """The final text; `events` is how many events the page cut in this epoch."""

    model_config = ConfigDict(extra="forbid", strict=True)

    v: int = Field(ge=1, le=1)
    ticket: str = Field(max_length=2000)
    text: str
    comment: str = ""
    text_origins: list[str] = Field(default_factory=list, max_length=20)
    input_aids: bool = False
    events: int | None = Field(None, ge=0, le=MAX_SEQ)


class Receipt(BaseModel):
    """The submission is stored; `finish` says what the browser does next."""

    receipt: str
    finish: dict[str, Any]


async def _small_body(request: Request) -> bytes:
    return await read_body(request, _MAX_BYTES)


@router.post("/submission")
def receive_submission(
    raw: Annotated[bytes, Depends(_small_body)], context: CurrentContext, after: BackgroundTasks
) -> Receipt:
    """Security: the signed ticket names the session of this answer. A repetition gets the same receipt."""
    body = parse(SubmissionBody, raw)
    ticket = context.tickets.read_writing(body.ticket, context.now)
    session = context.session(ticket, WritingSession.identity, WritingSession.study)
    context.speak_for(session.study)
    origins = stated_origins(body.text_origins)
    answer = Answer(body.text, body.comment, ticket.epoch, body.events, origins, body.input_aids)
    submission = submit(context.db, session.id, answer, context.now)
    after.add_task(context.services.analyst.soon, submission.id)
    return Receipt(receipt=submission.public_id, finish=_next_step(context, session, submission, body.ticket))


def _next_step(context: WorkerContext, session: WritingSession, submission: Submission, token: str) -> dict[str, Any]:
    if is_self_report_due(context.db, session.study, submission):
        return {"kind": "ask", "url": question_url(session.study), "fields": {"ticket": token}}
    step = _shape(context, session.study, context.finish(session.study, session, submission.public_id))
    return step | {"copy": copy_url(context, session.study, session, submission)}


def _shape(context: WorkerContext, study: Study, finish: Finish) -> dict[str, Any]:
    """With what the page says meanwhile, in the words of the place that the worker came from."""
    shape = {"kind": finish.kind, "url": finish.url, "fields": dict(finish.fields), "code": finish.code}
    phrases = phrases_of(study.platform)
    handing_over = phrases.hand_over if study.copy_days else phrases.handing_over
    sentences = {"post": handing_over, "redirect": phrases.go_back, "code": phrases.enter_code}
    say = context.language.text
    return shape | {
        "said": say(sentences.get(finish.kind, message("You can close this page."))),
        "button": say(phrases.hand_over_button if finish.kind == "post" else phrases.go_back_button),
    }

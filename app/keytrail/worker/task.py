"""The task's pages: preview, consent, writing. Each works without JavaScript."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, BackgroundTasks, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, Unavailable
from keytrail.language import message
from keytrail.models import Item, PlatformTask, SessionState, Study, StudyState, Submission, WritingSession
from keytrail.platforms import Preview, SessionOutcome
from keytrail.platforms.prolific_token import require_now
from keytrail.sessions.copying_exercise import is_exercise_due
from keytrail.sessions.lifecycle import find_session, open_epoch, show_plain_source, study_closed, withdraw_session
from keytrail.sessions.participation import NotEligible, require_eligible
from keytrail.sessions.statements import stated_origins
from keytrail.sessions.submission import Answer, submit
from keytrail.studies import study_of_task
from keytrail.web.message_page import MessagePage
from keytrail.web.pages import CurrentPages, Page
from keytrail.worker.context import CurrentContext, WorkerContext, require_study
from keytrail.worker.copying_exercise import CopyingPage
from keytrail.worker.drafts import DRAFT_PATH
from keytrail.worker.entering import Entrance, begin, entrance, fetch_keys
from keytrail.worker.exits import exit_page
from keytrail.worker.pages import ConsentPage, PreviewPage, TaskPage
from keytrail.worker.self_reports import closing_page
from keytrail.worker.tickets import ConsentTicket, Ticket

router = APIRouter(prefix="/task", include_in_schema=False)

_MAX_QUERY = 4000
LOOKING = "preview"
"""Added to the link by a requester who wants to view the task of a study with direct links without taking part."""

Token = Annotated[str, Form(alias="ticket")]
Line = Annotated[str, Form()]


@router.get("/{slug}")
def show_task(slug: str, request: Request, context: CurrentContext, pages: CurrentPages) -> Response:
    """Show this visitor's page: preview, consent, the task with its draft, or the finish."""
    if len(request.url.query) > _MAX_QUERY:
        raise BadRequest(message("The link is too long to be valid. Open the task again from where you found it."))
    query = dict(request.query_params)
    # Both before the unit of work begins, so that no write lock is held meanwhile.
    fetch_keys(context.services, context.keys, slug, query)
    draft = _draft_for(context, slug, query)
    study = context.study(slug)
    entered = entrance(context, study, query)
    if isinstance(entered, Preview):
        fresh = {} if LOOKING in query else context.platform(study).fresh_ids()
        if fresh:
            # The address keeps the id, so that a reload, or going back, finds the same visit.
            return RedirectResponse(f"/task/{slug}?{urlencode({**query, **fresh})}", status_code=303)
        return pages.render(_preview_page(context.db, study, entered.task_id))
    return pages.render(_page_for(context, study, entered, query, draft))


@router.post("/{slug}/consent")
def accept_consent(slug: str, token: Token, context: CurrentContext, pages: CurrentPages) -> Response:
    """Start the session that the signed link describes, then redirect to its address."""
    ticket = context.tickets.read_consent(token, context.now)
    fetch_keys(context.services, context.keys, slug, ticket.query)
    study = context.study(slug)
    require_study(ticket.study_id, study)
    # A link that has expired now was valid when this form was made.
    entered = entrance(context, study, ticket.query)
    if isinstance(entered, Preview):
        raise BadRequest(context.platform(study).phrases.not_accepted)
    try:
        with context.db.begin_nested():
            begin(context, study, entered)
    except NotEligible as ending:
        page = exit_page(context, study, ticket, SessionOutcome.SCREENED_OUT, ending.message)
        return pages.render(page, status=ending.status)
    return RedirectResponse(f"/task/{slug}?{urlencode(ticket.query)}", status_code=303)


@router.post("/{slug}/submission")
def submit_without_script(
    slug: str,
    token: Token,
    context: CurrentContext,
    pages: CurrentPages,
    after: BackgroundTasks,
    text: Line = "",
    comment: Line = "",
    text_origins: Annotated[list[str] | None, Form(max_length=20)] = None,
    input_aids: Line = "",
) -> Response:
    """Accept the plain form: with the recorder blocked a worker still submits and is paid."""
    study, session, ticket = context.session_of(slug, token)
    origins = stated_origins(text_origins or [])
    answer = Answer(text, comment, ticket.epoch, text_origins=origins, input_aids=bool(input_aids))
    try:
        with context.db.begin_nested():
            submission = submit(context.db, session.id, answer, context.now)
    except BadRequest as problem:
        page = TaskPage.from_session(study, session, token, text, problem=problem.message, refused=answer)
        return pages.render(page, status=problem.status)
    after.add_task(context.services.analyst.soon, submission.id)
    return pages.render(closing_page(context, study, session, submission, token))


@router.post("/{slug}/source")
def show_source_as_text(slug: str, token: Token, link: Line, context: CurrentContext) -> Response:
    """Show the item as text to a worker who cannot read the picture; this is recorded."""
    study, session, _ = context.session_of(slug, token)
    way = context.tickets.read_consent(link, context.now)
    require_study(way.study_id, study)
    show_plain_source(session, context.now)
    return RedirectResponse(f"/task/{slug}?{urlencode(way.query)}", status_code=303)


@router.post("/{slug}/withdrawal")
def withdraw(slug: str, token: Token, context: CurrentContext, pages: CurrentPages) -> Response:
    """Withdraw: the place is released and what was recorded is deleted."""
    study, session, _ = context.session_of(slug, token)
    if session.state == SessionState.SUBMITTED:
        raise Conflict(
            message("Your text is in already. Write to the requester if you want it deleted."), code="too_late"
        )
    withdraw_session(context.db, session, context.now)
    deleted = message(
        "What was recorded for “%(title)s” is deleted. %(leave)s",
        title=study.title,
        leave=context.platform(study).phrases.leave,
    )
    say = context.language.text
    return pages.render(MessagePage(say(message("You have stopped")), say(deleted), "worker", context.language))


@dataclass(frozen=True)
class _Draft:
    """The text of a session to which a worker returns; empty also where the page's script has to request it."""

    session_id: int | None = None
    text: str = ""


def _draft_for(context: WorkerContext, slug: str, query: dict[str, str]) -> _Draft:
    with context.services.database.reading() as db:
        study = context.speak_for(study_of_task(db, slug))
        visit = context.platform(study).identify(query)
        session = None if isinstance(visit, Preview) else find_session(db, study, visit, context.keyring)
        if session is None or session.state != SessionState.OPEN:
            return _Draft()
    try:
        return _Draft(session.id, context.services.drafts.of(session.id, wait=False).text)
    except Unavailable:  # then the page's script requests it
        return _Draft()


def _page_for(context: WorkerContext, study: Study, entered: Entrance, query: dict[str, str], draft: _Draft) -> Page:
    visit = entered.visit
    session = find_session(context.db, study, visit, context.keyring)
    if session is not None:
        link = context.tickets.for_consent(ConsentTicket(study.id, query), context.now)
        return _session_page(context, study, session, link, draft)
    require_now(over=entered.over)
    if study.state != StudyState.OPEN:
        raise Conflict(study_closed(study), code="study_closed")
    ticket = ConsentTicket(study.id, query)
    try:
        require_eligible(context.db, study, visit, context.keyring)
    except NotEligible as ending:
        return exit_page(context, study, ticket, SessionOutcome.SCREENED_OUT, ending.message)
    return ConsentPage.from_study(study, context.tickets.for_consent(ticket, context.now))


def _session_page(context: WorkerContext, study: Study, session: WritingSession, link: str, draft: _Draft) -> Page:
    if session.state == SessionState.SUBMITTED:
        submission = context.db.scalars(select(Submission).where(Submission.session_id == session.id)).one()
        ticket = Ticket(study.id, session.id, submission.epoch_number or 0, session.nonce)
        token = context.tickets.for_writing(ticket, max(session.expires_at, context.now))
        return closing_page(context, study, session, submission, token)
    if is_exercise_due(context.db, study, session):
        return CopyingPage.from_study(study, link)
    text = draft.text if draft.session_id == session.id else ""
    most = context.services.settings.page_loads_per_session
    ticket = Ticket(study.id, session.id, open_epoch(context.db, session, context.now, most).number, session.nonce)
    # A worker who returns after the time, perhaps after accepting the same work again, has a day from now.
    token = context.tickets.for_writing(ticket, max(session.expires_at, context.now))
    return TaskPage.from_session(study, session, token, text, link=link, draft_url=DRAFT_PATH if ticket.epoch else "")


def _preview_page(db: Session, study: Study, task_id: str | None) -> PreviewPage:
    """Return the preview with the published task's item, or else with the first item as an example."""
    published = (
        select(Item)
        .join(PlatformTask, PlatformTask.item_id == Item.id)
        .where(PlatformTask.study_id == study.id, PlatformTask.external_id == task_id)
    )
    own = db.scalar(published) if task_id else None
    sample = select(Item).where(Item.study_id == study.id).order_by(Item.id).limit(1)
    return PreviewPage.from_study(study, own or db.scalar(sample), example=own is None)

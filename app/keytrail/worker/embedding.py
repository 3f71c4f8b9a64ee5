"""The API of the embedded recorder: another site's page records one of its own answer boxes (docs/embedding.md)."""

import secrets
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from keytrail.errors import Conflict, Forbidden, NotFound
from keytrail.markdown import to_html
from keytrail.models import Item, SessionState, Study, StudyState, Submission, WritingSession
from keytrail.platforms import Assignment, Preview, Proof
from keytrail.platforms.prolific_token import require_now
from keytrail.sessions.lifecycle import find_session, open_epoch, study_closed, withdraw_session
from keytrail.sessions.participation import has_withdrawn_from
from keytrail.web.ascii_json import AsciiJSON
from keytrail.worker.context import CurrentContext, WorkerContext
from keytrail.worker.entering import Entrance, begin, entrance, fetch_keys
from keytrail.worker.request_body import parse, read_body
from keytrail.worker.tickets import Ticket

router = APIRouter(prefix="/api/worker", tags=["worker"])

_MAX_BYTES = 16_000
_NO_NUL = r"^[^\x00]*$"  # PostgreSQL refuses it even in a query
_OWN_LINKS = "direct"
"""The platform whose links requesters make themselves: a visitor without an id is anonymous rather than a preview."""


class VisitBody(BaseModel):
    """What the page knows: the study, perhaps the item that it shows, and the parameters of its address."""

    model_config = ConfigDict(extra="forbid", strict=True)

    v: int = Field(ge=1, le=1)
    study: str = Field(max_length=200, pattern=_NO_NUL)
    item: str | None = Field(None, max_length=128, pattern=_NO_NUL)
    query: dict[str, str] = Field(default_factory=dict, max_length=100)
    consent: bool = False


class WithdrawalBody(BaseModel):
    """The ticket of the session to be deleted."""

    model_config = ConfigDict(extra="forbid", strict=True)

    v: int = Field(ge=1, le=1)
    ticket: str = Field(max_length=2000)


class Withdrawal(BaseModel):
    """The recorded data was deleted."""

    deleted: bool = True


class VisitItem(BaseModel):
    """The item as a page that embeds Keytrail shows it."""

    key: str
    title: str
    text: str


class Visit(BaseModel):
    """What the page must do: nothing (`preview`), ask for consent with this HTML (`consent`), record with this ticket
    (`open`), or hand over this receipt (`submitted`). `page_load` counts from 0; later ones request their draft.
    """

    state: Literal["preview", "consent", "open", "submitted"]
    consent: str = ""
    ticket: str = ""
    page_load: int = 0
    receipt: str = ""
    item: VisitItem | None = None


async def _small_body(request: Request) -> bytes:
    return await read_body(request, _MAX_BYTES)


def _allowed_origin(context: CurrentContext, origin: Annotated[str, Header()] = "") -> None:
    settings = context.services.settings
    if origin not in {*settings.embed_origins, settings.public_url}:
        raise Forbidden(
            f"Pages of '{origin}' may not embed the recorder. Whoever runs this server can allow it: the setting is "
            "KEYTRAIL_EMBED_ORIGINS.",
            code="origin_not_allowed",
        )


@router.post("/visit", response_model=Visit, dependencies=[Depends(_allowed_origin)])
def receive_visit(raw: Annotated[bytes, Depends(_small_body)], context: CurrentContext) -> Response:
    """Return what this visitor may do. The body is JSON in text/plain, so that no preflight request is needed.

    Security: as for the task's own link, the platform's ids are the claim; the origin must be one that this server
    allows, and the ticket in the answer writes into one page load only.
    """
    body = parse(VisitBody, raw)
    fetch_keys(context.services, context.keys, body.study, body.query)
    try:
        study = context.study(body.study)
    except NotFound:
        raise NotFound(f"There is no study '{body.study}' on this server.", code="unknown_study") from None
    return AsciiJSON(_visit(context, study, body).model_dump())


@router.post("/withdrawal")
def receive_withdrawal(raw: Annotated[bytes, Depends(_small_body)], context: CurrentContext) -> Withdrawal:
    """Withdraw: the place is released, what was recorded is deleted, and the page continues without recording.

    Security: the signed ticket names the session.
    """
    ticket = context.tickets.read_writing(parse(WithdrawalBody, raw).ticket, context.now)
    session = context.session(ticket)
    if session.state == SessionState.SUBMITTED:
        raise Conflict("The text is in already. Write to the requester if you want it deleted.", code="too_late")
    withdraw_session(context.db, session, context.now)
    return Withdrawal()


def _visit(context: WorkerContext, study: Study, body: VisitBody) -> Visit:
    entered = _entrance(context, study, body)
    if isinstance(entered, Preview):
        return Visit(state="preview")
    session = find_session(context.db, study, entered.visit, context.keyring)
    if session is None:
        require_now(over=entered.over)
        if has_withdrawn_from(context.db, study, entered.visit, context.keyring):
            # The page may report an earlier consent for the person; the withdrawal came later.
            raise Conflict("This task was returned, so nothing more is recorded.", code="returned")
        if study.state != StudyState.OPEN:
            raise Conflict(study_closed(study), code="study_closed")
        if not body.consent:
            return Visit(state="consent", consent=str(to_html(study.consent)))
        session = begin(context, study, entered, body.item)
    return _open(context, study, session)


def _entrance(context: WorkerContext, study: Study, body: VisitBody) -> Entrance | Preview:
    entered = entrance(context, study, body.query)
    if study.platform != _OWN_LINKS:
        return entered
    if isinstance(entered, Preview):
        return _anonymous(context, study)
    if body.item is None:
        return entered
    # One participant may write on several pages, each about an item of its own.
    visit = entered.visit
    return replace(entered, visit=replace(visit, assignment_id=f"{visit.assignment_id}/{body.item}"))


def _anonymous(context: WorkerContext, study: Study) -> Entrance:
    if not context.services.settings.embed_origins:
        raise Forbidden(
            "This server takes no anonymous visits: no page may embed the recorder. Whoever runs it can name such "
            "pages: the setting is KEYTRAIL_EMBED_ORIGINS.",
            code="no_anonymous",
        )
    if context.platform(study).proof != Proof.NONE:
        raise Forbidden("This study takes signed links only. Open the link that you were sent.", code="link_unsigned")
    nobody = f"anonymous-{secrets.token_hex(8)}"
    return Entrance(Assignment(worker_id=nobody, assignment_id=nobody))


def _open(context: WorkerContext, study: Study, session: WritingSession) -> Visit:
    item = _shape(session.item)
    if session.state == SessionState.SUBMITTED:
        receipt = context.db.scalars(select(Submission.public_id).where(Submission.session_id == session.id)).one()
        return Visit(state="submitted", receipt=receipt, item=item)
    page_load = open_epoch(context.db, session, context.now, context.services.settings.page_loads_per_session).number
    expires_at = max(session.expires_at, context.now)
    ticket = context.tickets.for_writing(Ticket(study.id, session.id, page_load, session.nonce), expires_at)
    return Visit(state="open", ticket=ticket, page_load=page_load, item=item)


def _shape(item: Item) -> VisitItem:
    return VisitItem(key=item.key, title=item.title, text=item.text)

"""A page of somebody else's asks to have the writing in one of its own answer boxes recorded (docs/embedding.md)."""

import secrets
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from keytrail.errors import Conflict, Forbidden, NotFound
from keytrail.models import Item, SessionState, Study, StudyState, Submission, WritingSession
from keytrail.platforms import Assignment, Preview
from keytrail.prose import to_html
from keytrail.sessions.opening import find_session, open_epoch, open_session, return_session
from keytrail.studies import study_by_slug
from keytrail.web.ascii_json import AsciiJSON
from keytrail.worker.bodies import parse, read_body
from keytrail.worker.desk import CurrentDesk, Desk
from keytrail.worker.tickets import Ticket

router = APIRouter(prefix="/api/worker", tags=["worker"])

_MAX_BYTES = 16_000
_NO_NUL = r"^[^\x00]*$"  # PostgreSQL cannot even be asked for it
_OWN_LINKS = "direct"
"""The platform whose links one makes oneself: a visitor without an id is not looking at a preview, but anonymous."""


class VisitBody(BaseModel):
    """What the page knows: the study, perhaps the item that it shows, and the parameters that it was opened with."""

    model_config = ConfigDict(extra="forbid", strict=True)

    v: int = Field(ge=1, le=1)
    study: str = Field(max_length=200, pattern=_NO_NUL)
    item: str | None = Field(None, max_length=128, pattern=_NO_NUL)
    query: dict[str, str] = Field(default_factory=dict, max_length=100)
    consent: bool = False


class WithdrawalBody(BaseModel):
    """Whose recording is to be deleted."""

    model_config = ConfigDict(extra="forbid", strict=True)

    v: int = Field(ge=1, le=1)
    ticket: str = Field(max_length=2000)


class Withdrawal(BaseModel):
    """The recording is deleted."""

    deleted: bool = True


class VisitItem(BaseModel):
    """The text that the worker is to write about."""

    key: str
    title: str
    text: str


class Visit(BaseModel):
    """What the page is to do: nothing (`preview`), ask with this HTML (`consent`), record with this ticket (`open`),
    or hand over this receipt (`submitted`). `page_load` counts from 0; later ones ask for their draft.
    """

    state: Literal["preview", "consent", "open", "submitted"]
    consent: str = ""
    ticket: str = ""
    page_load: int = 0
    receipt: str = ""
    item: VisitItem | None = None


async def _small_body(request: Request) -> bytes:
    return await read_body(request, _MAX_BYTES)


def _allowed_origin(desk: CurrentDesk, origin: Annotated[str, Header()] = "") -> None:
    settings = desk.services.settings
    if origin not in {*settings.embed_origins, settings.public_url}:
        raise Forbidden(
            f"Pages of '{origin}' may not embed the recorder. Whoever runs this server can allow it: the setting is "
            "KEYTRAIL_EMBED_ORIGINS.",
            code="origin_not_allowed",
        )


@router.post("/visit", response_model=Visit, dependencies=[Depends(_allowed_origin)])
def receive_visit(raw: Annotated[bytes, Depends(_small_body)], desk: CurrentDesk) -> Response:
    """What this visitor may do. The body is JSON in text/plain, so that browsers need not ask first.

    Security: as for the task's own link, the platform's ids are the claim; the origin must be one that this server
    allows, and the ticket in the answer writes into one page load only.
    """
    body = parse(VisitBody, raw)
    try:
        study = study_by_slug(desk.db, body.study)
    except NotFound:
        raise NotFound(f"There is no study '{body.study}' on this server.", code="unknown_study") from None
    return AsciiJSON(_visit(desk, study, body).model_dump())


@router.post("/withdrawal")
def receive_withdrawal(raw: Annotated[bytes, Depends(_small_body)], desk: CurrentDesk) -> Withdrawal:
    """The person stops: the place is free, what was recorded is deleted, and the page goes on without us.

    Security: the signed ticket names the session.
    """
    ticket = desk.tickets.read_writing(parse(WithdrawalBody, raw).ticket, desk.now)
    session = desk.session(ticket)
    if session.state == SessionState.SUBMITTED:
        raise Conflict("The text is in already. Write to the requester if you want it deleted.", code="too_late")
    return_session(desk.db, session, desk.now)
    return Withdrawal()


def _visit(desk: Desk, study: Study, body: VisitBody) -> Visit:
    assignment = _assignment(desk, study, body)
    if isinstance(assignment, Preview):
        return Visit(state="preview")
    session = find_session(desk.db, study, assignment, desk.keyring)
    if session is None:
        if study.state != StudyState.OPEN:
            raise Conflict("This study takes no new work at the moment.", code="study_closed")
        if not body.consent:
            return Visit(state="consent", consent=str(to_html(study.consent)))
        session = open_session(desk.db, study, assignment, desk.keyring, desk.now, body.item)
    return _open(desk, study, session)


def _assignment(desk: Desk, study: Study, body: VisitBody) -> Assignment | Preview:
    visit = desk.platform(study).identify(body.query)
    if study.platform != _OWN_LINKS:
        return visit
    if isinstance(visit, Preview):
        nobody = f"anonymous-{secrets.token_hex(8)}"
        return Assignment(worker_id=nobody, assignment_id=nobody)
    # One participant may write on several pages, each about an item of its own.
    return visit if body.item is None else replace(visit, assignment_id=f"{visit.assignment_id}/{body.item}")


def _open(desk: Desk, study: Study, session: WritingSession) -> Visit:
    if session.state == SessionState.RETURNED:
        raise Conflict("This task was returned, so nothing more is recorded.", code="returned")
    item = _shape(session.item)
    if session.state == SessionState.SUBMITTED:
        receipt = desk.db.scalars(select(Submission.public_id).where(Submission.session_id == session.id)).one()
        return Visit(state="submitted", receipt=receipt, item=item)
    page_load = open_epoch(desk.db, session, desk.now).number
    ticket = desk.tickets.for_writing(Ticket(study.id, session.id, page_load, session.nonce), session.expires_at)
    return Visit(state="open", ticket=ticket, page_load=page_load, item=item)


def _shape(item: Item) -> VisitItem:
    return VisitItem(key=item.key, title=item.title, text=item.text)

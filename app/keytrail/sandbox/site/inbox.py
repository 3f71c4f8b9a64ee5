"""The page of a worker's inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from keytrail.sandbox.market.messages import read_inbox
from keytrail.sandbox.site.context import CurrentContext
from keytrail.sandbox.site.render import Page
from keytrail.sandbox.site.visitor import Bar, CurrentVisitor, bar
from keytrail.sandbox.site.wording import clock_time

router = APIRouter()
_SHOWN = 100


@dataclass(frozen=True)
class Letter:
    """A message for display."""

    subject: str
    text: str
    sent: str
    new: bool


@dataclass(frozen=True)
class InboxPage(Page):
    """The newest messages."""

    template: ClassVar[str] = "inbox.html"
    bar: Bar
    letters: Sequence[Letter]


@router.get("/inbox")
def inbox(context: CurrentContext, visitor: CurrentVisitor) -> HTMLResponse:
    """Show messages, marking them as read."""
    with context.work() as work:
        worker = visitor.require_worker(work)
        letters = [
            Letter(subject=m.subject, text=m.text, sent=clock_time(m.sent_at), new=m.read_at is None)
            for m in read_inbox(work.db, worker, work.now, _SHOWN)
        ]
        page = InboxPage(bar=bar(work, worker, "inbox"), letters=letters)
    return context.pages.show(page)

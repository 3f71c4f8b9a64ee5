"""Identify the visitor, and check that a form came from the site itself."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from keytrail.errors import Forbidden
from keytrail.sandbox.accounts import SignInNeeded, worker_of_session
from keytrail.sandbox.market.messages import unread
from keytrail.sandbox.site.context import CurrentContext, Work
from keytrail.sandbox.tables import Worker

COOKIE = "sandbox_worker"


@dataclass(frozen=True)
class Bar:
    """The visitor as the head of every page shows it: None if nobody is signed in."""

    worker_id: str | None = None
    unread: int = 0
    here: str = ""


class Visitor:
    """The visiting browser, known by the token in its cookie."""

    def __init__(self, request: Request) -> None:
        self.token = request.cookies.get(COOKIE)

    def worker(self, work: Work) -> Worker | None:
        """Return the signed-in worker, if any."""
        return worker_of_session(work.db, self.token, work.now)

    def require_worker(self, work: Work) -> Worker:
        """Raises SignInNeeded, which redirects to the sign-in page."""
        worker = self.worker(work)
        if worker is None:
            raise SignInNeeded("Please sign in first.")
        return worker


def bar(work: Work, worker: Worker | None, here: str = "") -> Bar:
    """Return the head of a page for this visitor; `here` names the page in the navigation."""
    if worker is None:
        return Bar(here=here)
    return Bar(worker_id=worker.id, unread=unread(work.db, worker), here=here)


def require_same_origin(context: CurrentContext, request: Request) -> None:
    """Security: a form of another site cannot act for a signed-in worker.

    Browsers send Sec-Fetch-Site, older ones Origin; a program that sends neither has no cookie to be misused.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign = site not in {"same-origin", "none"} if site else origin not in {None, context.config.public_origin}
    if foreign:
        raise Forbidden("This form came from another site. Please use the marketplace's own pages.")


CurrentVisitor = Annotated[Visitor, Depends(Visitor)]

"""Find pages, studies, submissions and workers for the command palette."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response
from sqlalchemy.orm import Session

from keytrail.models import Study
from keytrail.requester.frame import Link, study_frame
from keytrail.requester.people.access import CurrentUser
from keytrail.review.queue.find import names_beginning
from keytrail.studies import memberships
from keytrail.web.services import ReadSession

router = APIRouter(include_in_schema=False)

_MOST = 12
_FEWEST_LETTERS = 2
"""Shorter words would match workers and submissions at random."""
_OWN_PAGES = (
    Link("Studies", "/"),
    Link("New study", "/new-study"),
    Link("Account", "/account"),
    Link("Several studies together", "/prevalence"),
    Link("How many workers", "/power"),
    Link("Excluded workers", "/excluded-workers"),
)


@router.get("/find")
def find(
    user: CurrentUser,
    db: ReadSession,
    words: Annotated[str, Query(max_length=100)] = "",
    study: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Return matching places, those of the open study first.

    Security: only from studies in which the user has a role, and only pages that the role may open.
    """
    found = memberships(db, user)
    here = [(one, role) for one, role in found if one.slug == study]
    pages = [
        *(("page of this study", link) for one, role in here for link in study_frame(user, one, role, "").tabs),
        *(("study", Link(one.title, f"/studies/{one.slug}/overview")) for one, _ in found),
        *(("page", link) for link in _OWN_PAGES),
        *_records(db, [one for one, _ in found], words.strip().lower()),
    ]
    fitting = (
        {"kind": kind, "label": link.label, "url": link.url}
        for kind, link in pages
        if kind in _FOUND_BY_NAME or _fits(words, link.label)
    )
    return JSONResponse(list(islice(fitting, _MOST)))


_FOUND_BY_NAME = frozenset({"submission", "worker"})


def _records(db: Session, studies: Sequence[Study], words: str) -> Iterator[tuple[str, Link]]:
    """Return submissions and workers whose id or name begins with the words; two statements."""
    if len(words) < _FEWEST_LETTERS or not words.isalnum():
        return
    receipts, workers = names_beginning(db, studies, words, _MOST)
    for receipt in receipts:
        yield "submission", Link(f"Submission {receipt}", f"/submissions/{receipt}")
    for name, slug in workers:
        yield "worker", Link(f"Worker {name}", f"/studies/{slug}/workers/{name}")


def _fits(words: str, label: str) -> bool:
    return all(word in label.lower() for word in words.lower().split())

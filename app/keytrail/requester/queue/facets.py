"""Facets: how many submissions match the filters; counted with the page if an index allows, else after it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from sqlalchemy import select

from keytrail.models import Submission
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.requester.queue.filter_form import ChosenFilters, CurrentFilters
from keytrail.review.queue.filters import filtered
from keytrail.review.queue.listing import count_by_verdict
from keytrail.review.queue.queue import Reviewer, count_queue
from keytrail.web.services import Now, ReadSession

router = APIRouter(prefix="/studies/{slug}", include_in_schema=False)


@dataclass(frozen=True)
class Facets:
    """`found` of `total` match the filters. With filters other than the verdict they are fetched from `url`, else it is
    empty.
    """

    found: int
    total: int
    url: str


def facets_of(chosen: ChosenFilters, counts: Mapping[str, int], path: str) -> Facets:
    """Return facets from the counts by verdict; counting anything else could take longer than the page."""
    total = sum(counts.values())
    if chosen.but(verdict="").any:
        return Facets(0, total, chosen.address(f"{path}/counts"))
    return Facets(counts.get(chosen.verdict, 0) if chosen.verdict else total, total, "")


@router.get("/counts")
def count_submissions_found(slug: str, user: CurrentUser, db: ReadSession, chosen: CurrentFilters) -> Response:
    """Count in the list of all submissions. Security: study_for answers 404 to users without a role in the study."""
    study, _ = study_for(db, slug, user)
    filters = replace(chosen.filters(), verdict=None)
    return _answer(chosen, count_by_verdict(db, filtered(select(Submission.id), study.id, filters)))


@router.get("/queue/counts")
def count_queue_found(slug: str, user: CurrentUser, db: ReadSession, now: Now, chosen: CurrentFilters) -> Response:
    """Count in the queue. Security: study_for answers 404 to users without a role in the study."""
    study, _ = study_for(db, slug, user)
    return _answer(chosen, count_queue(db, study.id, chosen.filters(), Reviewer(user, now)))


def _answer(chosen: ChosenFilters, verdicts: Mapping[str, int]) -> Response:
    every = sum(verdicts.values())
    found = verdicts.get(chosen.verdict, 0) if chosen.verdict else every
    return JSONResponse({"found": found, "verdicts": {"": every, **verdicts}})

"""Facets: how many submissions match the filters; counted with the page if an index allows, else after it.

Counts by each value of a filter are fetched when somebody goes to the filters, where they are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from keytrail.models import Study, Submission
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.requester.queue.filter_form import ChosenFilters, CurrentFilters
from keytrail.requester.wording import decision_states
from keytrail.review.queue.facet_counts import Restrict, count_facets
from keytrail.review.queue.filters import Filters, filtered
from keytrail.review.queue.listing import count_by_verdict
from keytrail.review.queue.queue import Reviewer, count_queue, waiting_submissions
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


@router.get("/facets")
def count_facets_found(slug: str, user: CurrentUser, db: ReadSession, chosen: CurrentFilters) -> Response:
    """Count by each value of a filter in the list of all submissions. Security: study_for answers 404 to outsiders."""
    study, _ = study_for(db, slug, user)

    def restrict(filters: Filters) -> Select[int]:
        return filtered(select(Submission.id), study.id, filters)

    return _facets(db, study, chosen, restrict)


@router.get("/queue/facets")
def count_queue_facets(slug: str, user: CurrentUser, db: ReadSession, now: Now, chosen: CurrentFilters) -> Response:
    """The same in the queue. Security: study_for answers 404 to users without a role in the study."""
    study, _ = study_for(db, slug, user)
    reviewer = Reviewer(user, now)

    def restrict(filters: Filters) -> Select[int]:
        return waiting_submissions(study.id, filters, reviewer)

    return _facets(db, study, chosen, restrict)


def _facets(db: Session, study: Study, chosen: ChosenFilters, restrict: Restrict) -> Response:
    decisions = decision_states(study.reviews_per_submission)
    return JSONResponse(count_facets(db, study.id, chosen.filters(), restrict, decisions))


def _answer(chosen: ChosenFilters, verdicts: Mapping[str, int]) -> Response:
    every = sum(verdicts.values())
    found = verdicts.get(chosen.verdict, 0) if chosen.verdict else every
    return JSONResponse({"found": found, "verdicts": {"": every, **verdicts}})

"""The review queue: the list, and going through it one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.models import Role, SavedFilter, Study
from keytrail.requester.addresses import number
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, require_reviewer, same_origin, study_for
from keytrail.requester.queue.facets import Facets, facets_of
from keytrail.requester.queue.filter_form import ChosenFilters, CurrentFilters, FilterForm, filter_form
from keytrail.requester.queue.navigation import waiting_text
from keytrail.requester.queue.notices import decided_together
from keytrail.requester.queue.rows import QueueRow, row_of
from keytrail.requester.queue.submissions import COLUMNS, verdict_links
from keytrail.requester.sorting import SortLink, sort_links
from keytrail.requester.wording import DECISIONS, Word
from keytrail.review.judging.claims import release
from keytrail.review.judging.reasons import REASONS
from keytrail.review.queue.filters import Filters
from keytrail.review.queue.listing import ListedSubmission
from keytrail.review.queue.orders import STRONGEST_FIRST, ListOrder, sorted_lines
from keytrail.review.queue.queue import (
    QueuePlace,
    Reviewer,
    next_in_queue,
    objected_lines,
    place_of,
    queue_lines,
    waiting_by_verdict,
    waiting_submissions,
)
from keytrail.review.queue.saved_filters import delete_filter, save_filter, saved_filters
from keytrail.review.queue.submissions import visible_submission
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}", include_in_schema=False, dependencies=[Depends(same_origin)])

_PER_PAGE = 50
_LONGEST_UNDO = 4_000


@dataclass(frozen=True)
class QueuePage:
    """The undecided submissions, strongest evidence first. `decided` were just decided together and can be undone."""

    template: ClassVar[str] = "requester/queue/queue.html"

    frame: Frame
    study: Study
    may_decide: bool
    waiting: str
    verdict_links: Sequence[tuple[str, Link, int]]
    facets: Facets
    form: FilterForm
    saved: Sequence[SavedFilter]
    rows: Sequence[QueueRow]
    objections: Sequence[QueueRow]
    kinds: Sequence[tuple[str, Word]]
    reasons: Sequence[tuple[str, str]]
    query: str
    columns: Mapping[str, SortLink]
    next_url: str | None
    first_url: str | None
    finished: bool
    forgotten: bool
    """Whether a saved filter was just deleted, which is still applied and can be saved again."""
    decided: Sequence[str]
    notice: str
    """What was decided just before, in words."""


@router.get("/queue")
def show_queue(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    render: CurrentPages,
    now: Now,
    chosen: CurrentFilters,
    cursor: str = "",
    order: str = "",
    finished: str = "",
    forgotten: str = "",
    decided: Annotated[str, Query(max_length=_LONGEST_UNDO)] = "",
) -> Response:
    """Security: study_for answers 404 to users without a role in the study."""
    study, role = study_for(db, slug, user)
    reviewer, filters, path = Reviewer(user, now), chosen.filters(), f"/studies/{study.slug}/queue"
    sorting = ListOrder.read(order, STRONGEST_FIRST)
    lines, more = _lines(db, study, filters, reviewer, (sorting, cursor))

    def address(order: str, cursor: str = "") -> str:
        return chosen.address(path, order="" if order == str(STRONGEST_FIRST) else order, cursor=cursor)

    counts = waiting_by_verdict(db, study.id)
    page = QueuePage(
        frame=study_frame(user, study, role, "queue"),
        study=study,
        may_decide=role != Role.VIEWER,
        waiting=waiting_text(db, study.id, reviewer) if not chosen.any else f"these {len(lines)}{'+' if more else ''}",
        verdict_links=verdict_links(path, chosen, counts, sum(counts.values())),
        facets=facets_of(chosen, counts, path),
        form=filter_form(db, study, chosen, path),
        saved=saved_filters(db, user, study),
        rows=[row_of(line, study.reviews_per_submission, user.id, now) for line in lines],
        objections=[
            row_of(line, study.reviews_per_submission, user.id, now) for line in objected_lines(db, study.id, _PER_PAGE)
        ],
        kinds=list(DECISIONS.items()),
        reasons=list(REASONS.items()),
        query=chosen.query(),
        columns=sort_links(COLUMNS, str(sorting), address) if more or cursor else {},
        next_url=address(str(sorting), more) if more else None,
        first_url=address(str(sorting)) if cursor else None,
        finished=bool(finished),
        forgotten=bool(forgotten) and chosen.any,
        decided=decided.split(".") if decided else (),
        notice=decided_together(db, study.id, user, decided.split(".")) if decided else "",
    )
    return render.render(page)


def _lines(
    db: Session, study: Study, filters: Filters, reviewer: Reviewer, place: tuple[ListOrder, str]
) -> tuple[Sequence[ListedSubmission], str]:
    """Return a page of the queue in an order, from a page mark on, and the next page's mark (empty at the end)."""
    order, cursor = place
    if order == STRONGEST_FIRST:
        lines, following = queue_lines(db, study.id, filters, reviewer, _PER_PAGE, QueuePlace.read(cursor))
        return lines, str(following or "")
    query = waiting_submissions(study.id, filters, reviewer)
    lines, offset = sorted_lines(db, query, filters, order, _PER_PAGE, number(cursor) or 0)
    return lines, str(offset or "")


@router.post("/queue/next")
def go_on(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    chosen: CurrentFilters,
    after: Annotated[str, Form()] = "",
    way: Annotated[str, Form()] = "",
) -> Response:
    """Claim and show the next submission; the current one is released."""
    study, role = study_for(db, slug, user)
    require_reviewer(role)
    place = None
    if after:
        current = visible_submission(db, after, user)
        release(current, user)
        place = place_of(current)
    found = next_in_queue(db, study.id, chosen.filters(), Reviewer(user, now), place, back=way == "back")
    if found is None and way == "back" and after:
        return RedirectResponse(chosen.address(f"/submissions/{after}", queue="1"), status_code=303)
    if found is None:
        return RedirectResponse(chosen.address(f"/studies/{slug}/queue", finished="1"), status_code=303)
    return RedirectResponse(chosen.address(f"/submissions/{found.public_id}", queue="1"), status_code=303)


@router.post("/filters")
def store_filter(
    slug: str, user: CurrentUser, db: WriteSession, chosen: CurrentFilters, name: Annotated[str, Form()] = ""
) -> Response:
    """Save the address's filters under a name, for this user only."""
    study, _ = study_for(db, slug, user)
    save_filter(db, user, study, name, chosen.query())
    return RedirectResponse(chosen.address(f"/studies/{slug}/queue"), status_code=303)


@router.post("/filters/forget")
def delete_stored_filter(
    slug: str, user: CurrentUser, db: WriteSession, chosen: CurrentFilters, name: Annotated[str, Form()] = ""
) -> Response:
    """Delete one of the user's own filters, and apply it, so that it can be saved again."""
    study, _ = study_for(db, slug, user)
    query = delete_filter(db, user, study, name)
    applied = ChosenFilters.from_query(query) if query else chosen
    return RedirectResponse(applied.address(f"/studies/{slug}/queue", forgotten="1" if query else ""), status_code=303)

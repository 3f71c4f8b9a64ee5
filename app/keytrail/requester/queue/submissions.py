"""The list of a study's submissions, with filters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from keytrail.models import Study
from keytrail.requester.addresses import number
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.requester.queue.facets import Facets, facets_of
from keytrail.requester.queue.filter_form import ChosenFilters, CurrentFilters, FilterForm, filter_form
from keytrail.requester.queue.rows import QueueRow, row_of
from keytrail.requester.wording import VERDICTS
from keytrail.review.queue.filters import WAITING
from keytrail.review.queue.listing import Counts, count_submissions, list_lines
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession

router = APIRouter(include_in_schema=False)

_PER_PAGE = 50
OLDEST_FIRST = "oldest"


@dataclass(frozen=True)
class SubmissionsPage:
    """A page of submissions, newest first, or oldest first with `order`; `turned_url` is the other order."""

    template: ClassVar[str] = "requester/queue/submissions.html"

    frame: Frame
    study: Study
    counts: Counts
    verdict_links: Sequence[tuple[str, Link, int]]
    facets: Facets
    form: FilterForm
    rows: Sequence[QueueRow]
    order: str
    turned_url: str
    next_url: str | None
    first_url: str | None


@router.get("/studies/{slug}")
def show_submissions(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    render: CurrentPages,
    now: Now,
    chosen: CurrentFilters,
    cursor: str = "",
    order: str = "",
) -> Response:
    """Security: study_for answers 404 to users without a role in the study."""
    study, role = study_for(db, slug, user)
    order = OLDEST_FIRST if order == OLDEST_FIRST else ""
    place = number(cursor)
    filters = replace(chosen.filters(), after=place) if order else chosen.filters(place)
    lines, following = list_lines(db, study.id, filters, _PER_PAGE, oldest_first=bool(order))
    counts = count_submissions(db, study.id)
    home = f"/studies/{study.slug}"
    page = SubmissionsPage(
        frame=study_frame(user, study, role, "submissions"),
        study=study,
        counts=counts,
        verdict_links=verdict_links(home, chosen, counts.verdicts, counts.total),
        facets=facets_of(chosen, counts.verdicts, home),
        form=filter_form(db, study, chosen, home),
        rows=[row_of(line, study.reviews_per_submission, user.id, now) for line in lines],
        order=order,
        turned_url=chosen.address(home, order="" if order else OLDEST_FIRST),
        next_url=None if following is None else chosen.address(home, cursor=str(following), order=order),
        first_url=chosen.address(home, order=order) if cursor else None,
    )
    return render.render(page)


def verdict_links(
    path: str, chosen: ChosenFilters, counts: dict[str, int], total: int
) -> Sequence[tuple[str, Link, int]]:
    """Return a link for each verdict with its count, keeping the other filters."""
    links = [("", Link("all", chosen.but(verdict="").address(path), not chosen.verdict), total)]
    for key, word in VERDICTS.items():
        count = counts.get(key, 0)
        current = chosen.verdict == key
        if count or current or key != WAITING:
            links.append((key, Link(word.label, chosen.but(verdict=key).address(path), current), count))
    return links

"""The list of a study's submissions, with filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from keytrail.requester.sorting import SortLink, sort_links
from keytrail.requester.wording import VERDICTS
from keytrail.review.queue.counts import Counts, count_submissions
from keytrail.review.queue.filters import WAITING
from keytrail.review.queue.orders import NEWEST_FIRST, ListOrder, study_lines
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession

router = APIRouter(include_in_schema=False)

_PER_PAGE = 50
COLUMNS = ("-verdict", "item", "-arrived", "worker", "-words", "-submitted")
"""The headers that sort lists of submissions, each in the direction that comes first."""


@dataclass(frozen=True)
class SubmissionsPage:
    """A page of submissions. `columns` are the headers that sort it, if there are several pages."""

    template: ClassVar[str] = "requester/queue/submissions.html"

    frame: Frame
    study: Study
    counts: Counts
    verdict_links: Sequence[tuple[str, Link, int]]
    facets: Facets
    form: FilterForm
    rows: Sequence[QueueRow]
    columns: Mapping[str, SortLink]
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
    sorting, home = ListOrder.read(order, NEWEST_FIRST), f"/studies/{study.slug}"
    lines, following = study_lines(db, study.id, chosen.filters(), sorting, _PER_PAGE, number(cursor))
    counts = count_submissions(db, study.id)

    def address(order: str, cursor: str = "") -> str:
        return chosen.address(home, order="" if order == str(NEWEST_FIRST) else order, cursor=cursor)

    page = SubmissionsPage(
        frame=study_frame(user, study, role, "submissions"),
        study=study,
        counts=counts,
        verdict_links=verdict_links(home, chosen, counts.verdicts, counts.total),
        facets=facets_of(chosen, counts.verdicts, home),
        form=filter_form(db, study, chosen, home),
        rows=[row_of(line, study.reviews_per_submission, user.id, now) for line in lines],
        columns=sort_links(COLUMNS, str(sorting), address) if following is not None or cursor else {},
        next_url=None if following is None else address(str(sorting), str(following)),
        first_url=address(str(sorting)) if cursor else None,
    )
    return render.render(page)


def verdict_links(
    path: str, chosen: ChosenFilters, counts: Mapping[str, int], total: int
) -> Sequence[tuple[str, Link, int]]:
    """Return a link for each verdict with its count, keeping the other filters."""
    links = [("", Link("all", chosen.but(verdict="").address(path), not chosen.verdict), total)]
    for key, word in VERDICTS.items():
        count = counts.get(key, 0)
        current = chosen.verdict == key
        if count or current or key != WAITING:
            links.append((key, Link(word.label, chosen.but(verdict=key).address(path), current), count))
    return links

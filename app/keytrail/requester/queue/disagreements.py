"""Disagreements: submissions that reviewers decided differently, and their agreement over the whole study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.orm import Session

from keytrail.models import Role, Study, Submission, User
from keytrail.requester.addresses import number, with_query
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.requester.queue.rows import QueueRow, row_of
from keytrail.requester.sorting import SortLink, sort_links, unless_first
from keytrail.requester.wording import DECIDED
from keytrail.review.judging.agreement import Agreement, agreement_of
from keytrail.review.judging.decisions import decisions_by_submission
from keytrail.review.judging.settlement import latest_decisions
from keytrail.review.queue.filters import DISAGREED, Filters
from keytrail.review.queue.listing import ListedSubmission
from keytrail.review.queue.orders import NEWEST_FIRST, ListOrder, study_lines
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession

router = APIRouter(prefix="/studies/{slug}/disagreements", include_in_schema=False)

_PER_PAGE = 50
_COLUMNS = ("-verdict", "item", "worker", "-submitted")
DECIDE_FIRST = "Decide first; then you see what the others decided."


@dataclass(frozen=True)
class Disagreement:
    """One submission with what its reviewers decided, or why the reader may not see that yet."""

    row: QueueRow
    decisions: Sequence[str]


@dataclass(frozen=True)
class DisagreementsPage:
    """A page of disagreements; `columns` are the headers that sort it, if there are several pages.

    `agreement` is None while nothing was judged twice.
    """

    template: ClassVar[str] = "requester/queue/disagreements.html"

    frame: Frame
    study: Study
    agreement: Agreement | None
    rows: Sequence[Disagreement]
    columns: Mapping[str, SortLink]
    next_url: str | None
    first_url: str | None


@router.get("")
def show_disagreements(
    slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages, now: Now, cursor: str = "", order: str = ""
) -> Response:
    """Security: study_for answers 404 to whoever has no role in the study."""
    study, role = study_for(db, slug, user)
    sorting = ListOrder.read(order, NEWEST_FIRST)
    filters = Filters(decision=DISAGREED)
    lines, following = study_lines(db, study.id, filters, sorting, _PER_PAGE, number(cursor))
    decisions = _decisions(db, lines, user, role)

    def address(order: str, **marks: int) -> str:
        named = {"order": unless_first(order, [str(NEWEST_FIRST)]), **marks}
        return with_query(f"/studies/{slug}/disagreements", named)

    page = DisagreementsPage(
        frame=study_frame(user, study, role, "queue", Link("Disagreements", "", current=True)),
        study=study,
        agreement=agreement_of(db, study.id),
        rows=[
            Disagreement(row_of(line, study.reviews_per_submission, user.id, now), decisions[line.number])
            for line in lines
        ],
        columns=sort_links(_COLUMNS, str(sorting), address) if following is not None or cursor else {},
        next_url=None if following is None else address(str(sorting), cursor=following),
        first_url=address(str(sorting)) if cursor else None,
    )
    return render.render(page)


def _decisions(db: Session, lines: Sequence[ListedSubmission], user: User, role: Role) -> dict[int, Sequence[str]]:
    """By the submission's number. Whoever may still decide is shown nothing before (decides_unseen)."""
    found = decisions_by_submission(db, Submission.id.in_([line.number for line in lines]))
    shown: dict[int, Sequence[str]] = {}
    for submission, decisions in found.items():
        latest = latest_decisions(decisions)
        if role != Role.VIEWER and all(decision.user_id != user.id for decision in latest):
            shown[submission] = [DECIDE_FIRST]
        else:
            shown[submission] = [
                f"{'You' if decision.user_id == user.id else decision.user.name}: {DECIDED[decision.kind]}"
                for decision in latest
            ]
    return shown

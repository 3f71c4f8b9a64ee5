"""Home: the user's studies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from keytrail.models import Role, Study, StudyState
from keytrail.platforms.money import money
from keytrail.platforms.registry import platform_label
from keytrail.requester.frame import Frame, Link, frame
from keytrail.requester.people.access import CurrentUser
from keytrail.review.figures.progress import Progress, open_objections, progress_of, second_opinions, under_way
from keytrail.review.figures.spending import Spending, spending_of
from keytrail.review.queue.filters import WAITING
from keytrail.studies import memberships
from keytrail.web.formatting import counted, number
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class StudyCard:
    """One study: progress, cost, and what needs attention. `writing` are active sessions."""

    study: Study
    platform: str
    role: Role
    progress: Progress
    writing: int
    paid: str
    to_pay: str
    attention: Sequence[Link]


@dataclass(frozen=True)
class StudiesPage:
    """All listed studies of the user, newest first; `owns_any` if some are their own, `may_create` if they may add to
    them, `archived` how many are not listed, `deleted` if one has just been deleted.
    """

    template: ClassVar[str] = "requester/study/studies.html"

    frame: Frame
    cards: Sequence[StudyCard]
    owns_any: bool
    may_create: bool
    archived: int
    deleted: bool


@router.get("/")
def show_studies(user: CurrentUser, db: ReadSession, render: CurrentPages, now: Now, deleted: str = "") -> Response:
    """Show the studies of this user: the page after signing in."""
    found = memberships(db, user)
    ids = [study.id for study, _ in found]
    progress, spending, writing = progress_of(db, ids), spending_of(db, ids), under_way(db, ids, now)
    opinions, objections = second_opinions(db, ids), open_objections(db, ids)
    cards = [
        StudyCard(
            study=study,
            platform=platform_label(study.platform),
            role=role,
            progress=progress[study.id],
            writing=writing.get(study.id, 0),
            paid=money(spending[study.id].paid_cents, study.currency),
            to_pay=money(spending[study.id].to_pay_cents, study.currency) if spending[study.id].to_pay_cents else "",
            attention=[
                *_objections(study, objections.get(study.id, 0)),
                *_attention(study, progress[study.id], spending[study.id], opinions.get(study.id, 0)),
            ],
        )
        for study, role in found
    ]
    owns_any = any(role == Role.OWNER for _, role in found)
    page = StudiesPage(
        frame=frame(user),
        cards=cards,
        owns_any=owns_any,
        may_create=user.may_create_studies,
        archived=len(memberships(db, user, archived=True)),
        deleted=bool(deleted),
    )
    return render.render(page)


def _objections(study: Study, number: int) -> Iterator[Link]:
    """Return a link to a worker's objections: until they are answered, nobody is rejected."""
    if number:
        yield Link(f"{counted(number, 'objection')} to answer", f"/studies/{study.slug}/queue")


def _attention(study: Study, progress: Progress, spending: Spending, opinions: int) -> Iterator[Link]:
    """Return what needs attention, the most urgent first, each with a link."""
    home = f"/studies/{study.slug}"
    if study.state == StudyState.DRAFT:
        yield Link("Draft: check and publish it", f"{home}/checklist")
    if spending.unsure:
        yield Link(f"{counted(spending.unsure, 'action')} may or may not have been done", f"{home}/payments")
    if progress.flagged_open:
        yield Link(f"{number(progress.flagged_open)} flagged and undecided", f"{home}/queue?decision=undecided")
    if progress.second_looks:
        verb = "wants" if progress.second_looks == 1 else "want"
        yield Link(f"{number(progress.second_looks)} {verb} a second look", f"{home}/queue?decision=second_look")
    if opinions:
        yield Link(f"{number(opinions)} {'waits' if opinions == 1 else 'wait'} for another reviewer", f"{home}/queue")
    if spending.unsent:
        yield Link(f"{counted(spending.unsent, 'action')} to be sent", f"{home}/payments")
    if progress.waiting:
        yield Link(f"{number(progress.waiting)} not analysed yet", f"{home}?verdict={WAITING}")

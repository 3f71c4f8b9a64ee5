"""The first page: the list of HITs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse

from keytrail.sandbox.market.browsing import Group, next_hit, open_groups, type_names
from keytrail.sandbox.market.eligibility import STRANGER, eligibility_of
from keytrail.sandbox.market.money import to_dollars
from keytrail.sandbox.site.context import CurrentContext
from keytrail.sandbox.site.render import Page
from keytrail.sandbox.site.visitor import Bar, CurrentVisitor, bar
from keytrail.sandbox.site.wording import clock_time, in_words, span

router = APIRouter()
_PAGE = 20


@dataclass(frozen=True)
class GroupRow:
    """HITs of one kind; `unmet` are the requirements that the worker does not meet."""

    url: str | None
    title: str
    description: str
    reward: str
    hits: int
    time_allowed: str
    expires: str
    unmet: Sequence[str]


@dataclass(frozen=True)
class ListingPage(Page):
    """One page of kinds of HITs; tasks to try are on the first. `nothing_left`: of the requested kind."""

    template: ClassVar[str] = "listing.html"
    bar: Bar
    requester: str
    groups: Sequence[GroupRow]
    tries: Sequence[str]
    page: int
    pages: int
    nothing_left: bool


@router.get("/")
def list_groups(
    context: CurrentContext, visitor: CurrentVisitor, page: int = 1, *, nothing_left: bool = False
) -> HTMLResponse:
    """Show what is open to this visitor, the newest first."""
    with context.work() as work:
        worker = visitor.worker(work)
        groups = open_groups(work.db, worker, eligibility_of(work.db, worker) if worker else STRANGER)
        names = type_names(work.db, [asked for group in groups for asked in group.kind.requirements])
        pages = max(-(-len(groups) // _PAGE), 1)
        page = min(max(page, 1), pages)
        shown = groups[(page - 1) * _PAGE : page * _PAGE]
        content = ListingPage(
            bar=bar(work, worker, "hits"),
            requester=context.config.requester_name,
            groups=[_row(group, names) for group in shown],
            tries=sorted(context.config.try_urls) if page == 1 else [],
            page=page,
            pages=pages,
            nothing_left=nothing_left,
        )
    return context.pages.show(content)


@router.get("/groups/{group_id}")
def open_group(context: CurrentContext, visitor: CurrentVisitor, group_id: str, after: str = "") -> RedirectResponse:
    """Show the next HIT of this kind as a preview; the list if there is none."""
    with context.work() as work:
        hit = next_hit(work.db, group_id, visitor.worker(work), after)
        where = "/?nothing_left=true" if hit is None else f"/hits/{hit.id}"
    return RedirectResponse(where, status_code=303)


@router.get("/mturk/preview")
def open_group_as_on_mturk(context: CurrentContext, visitor: CurrentVisitor, groupId: str) -> RedirectResponse:  # noqa: N803 - MTurk's name
    """Accept the address that requesters' tools print for a HIT's preview."""
    return open_group(context, visitor, groupId)


def _row(group: Group, names: dict[str, str]) -> GroupRow:
    kind = group.kind
    return GroupRow(
        url=f"/groups/{kind.group_id}" if group.access.preview else None,
        title=kind.title,
        description=kind.description,
        reward=to_dollars(kind.reward_cents),
        hits=group.hits,
        time_allowed=span(timedelta(seconds=kind.duration_s)),
        expires=clock_time(group.last_expiry),
        unmet=[in_words(requirement, names) for requirement in group.access.unmet],
    )

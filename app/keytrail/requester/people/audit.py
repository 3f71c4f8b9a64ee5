"""The audit logs: a study's for its owners, and the installation's for operators."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from keytrail.models import AuditAction, Study
from keytrail.platform_actions.action_list import detail_in_words
from keytrail.requester.addresses import number, with_query
from keytrail.requester.frame import Frame, Link, frame, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, study_for
from keytrail.requester.sorting import SortLink, chosen_order, sort_links, unless_first
from keytrail.requester.wording import DECIDED, DONE, done
from keytrail.review.judging.audit import AUDIT_ORDERS, AuditLine, audit_lines
from keytrail.review.judging.reasons import REASONS
from keytrail.sorted_pages import SortedPage
from keytrail.users.rights import require_operating
from keytrail.web.pages import CurrentPages
from keytrail.web.services import ReadSession

router = APIRouter(include_in_schema=False)

_PER_PAGE = 100


@dataclass(frozen=True)
class AuditPage:
    """A page of actions of a study, or of the installation if there is none.

    `columns` are the headers that sort it, if there are several pages. `by` names who acted, `done` describes an
    action, `payment` a payment action; `words` describe decisions and their reasons, by id.
    """

    template: ClassVar[str] = "requester/people/audit.html"

    frame: Frame
    study: Study | None
    lines: Sequence[AuditLine]
    by: Callable[[AuditLine], str]
    done: Callable[[str], str]
    payment: Callable[[Mapping[str, Any], str], str]
    words: Mapping[str, str]
    columns: Mapping[str, SortLink]
    next_url: str | None
    first_url: str | None


@router.get("/studies/{slug}/audit")
def show_audit(
    slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages, cursor: str = "", order: str = ""
) -> Response:
    """Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    where = study_frame(user, study, role, "people", Link("Audit log", "", current=True))
    return render.render(_page(db, where, study, order, cursor))


@router.get("/installation/audit")
def show_installation_audit(
    user: CurrentUser, db: ReadSession, render: CurrentPages, cursor: str = "", order: str = ""
) -> Response:
    """Show changes of rights and budgets, and deleted studies. Security: for operators."""
    require_operating(user)
    where = frame(user, Link("Users and budgets", "/installation"), Link("Audit log", "", current=True))
    return render.render(_page(db, where, None, order, cursor))


def _page(db: ReadSession, where: Frame, study: Study | None, order: str, cursor: str) -> AuditPage:
    chosen, place = chosen_order(order, AUDIT_ORDERS), number(cursor)
    lines, following = audit_lines(db, study.id if study else None, DONE, SortedPage(chosen, _PER_PAGE, place))

    def address(order: str, **marks: int) -> str:
        home = f"/studies/{study.slug}" if study else "/installation"
        return with_query(f"{home}/audit", {"order": unless_first(order, AUDIT_ORDERS), **marks})

    several = following is not None or place is not None
    return AuditPage(
        frame=where,
        study=study,
        lines=lines,
        by=_by,
        done=done,
        payment=detail_in_words,
        words={**DECIDED, **REASONS},
        columns=sort_links(AUDIT_ORDERS, chosen, address) if several else {},
        next_url=None if following is None else address(chosen, cursor=following),
        first_url=address(chosen) if place is not None else None,
    )


def _by(line: AuditLine) -> str:
    return line.by or ("the worker" if line.action == AuditAction.OBJECT else "the server")

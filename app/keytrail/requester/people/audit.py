"""The audit logs: a study's for its owners, and the installation's for operators."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from keytrail.models import Study
from keytrail.platform_actions.action_list import detail_in_words
from keytrail.requester.addresses import number
from keytrail.requester.frame import Frame, Link, frame, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, study_for
from keytrail.requester.wording import DECIDED, done
from keytrail.review.judging.audit import AuditLine, audit_lines
from keytrail.review.judging.decisions import REASONS
from keytrail.users.rights import require_operating
from keytrail.web.pages import CurrentPages
from keytrail.web.services import ReadSession

router = APIRouter(include_in_schema=False)

_PER_PAGE = 100


@dataclass(frozen=True)
class AuditPage:
    """A page of actions, newest first, of a study, or of the installation if there is none.

    `done` describes an action, `payment` a payment action; `words` describe decisions and their reasons, by id.
    """

    template: ClassVar[str] = "requester/people/audit.html"

    frame: Frame
    study: Study | None
    lines: Sequence[AuditLine]
    done: Callable[[str], str]
    payment: Callable[[Mapping[str, Any], str], str]
    words: Mapping[str, str]
    next_url: str | None


@router.get("/studies/{slug}/audit")
def show_audit(slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages, cursor: str = "") -> Response:
    """Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    where = study_frame(user, study, role, "people", Link("Audit log", "", current=True))
    return render.render(_page(db, where, study, cursor, f"/studies/{slug}/audit"))


@router.get("/installation/audit")
def show_installation_audit(user: CurrentUser, db: ReadSession, render: CurrentPages, cursor: str = "") -> Response:
    """Show changes of rights and budgets, and deleted studies. Security: for operators."""
    require_operating(user)
    where = frame(user, Link("Users and budgets", "/installation"), Link("Audit log", "", current=True))
    return render.render(_page(db, where, None, cursor, "/installation/audit"))


def _page(db: ReadSession, where: Frame, study: Study | None, cursor: str, url: str) -> AuditPage:
    lines, more = audit_lines(db, study.id if study else None, _PER_PAGE, number(cursor))
    return AuditPage(
        frame=where,
        study=study,
        lines=lines,
        done=done,
        payment=detail_in_words,
        words={**DECIDED, **REASONS},
        next_url=f"{url}?cursor={more}" if more else None,
    )

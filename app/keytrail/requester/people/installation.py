"""The operators' page: users' rights in the installation, and its budgets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, NotFound
from keytrail.models import User
from keytrail.platform_actions.installation_budget import budget_lines, set_installation_budget
from keytrail.platforms.money import decimal_text, money, parse_amount
from keytrail.requester.addresses import number
from keytrail.requester.frame import Frame, Link, frame
from keytrail.requester.people.access import CurrentUser, same_origin
from keytrail.requester.wording import RIGHTS
from keytrail.users.rights import Rights, everybody, require_operating, rights_of, set_rights
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/installation", include_in_schema=False, dependencies=[Depends(same_origin)])

_NOTICES = {"rights": "The rights were changed.", "budget": "The budget was set."}


@dataclass(frozen=True)
class UserLine:
    """One account and its rights."""

    user: User
    rights: Rights


@dataclass(frozen=True)
class InstallationBudgetLine:
    """One currency in words; `left` and `budget` are empty without a limit."""

    currency: str
    committed: str
    budget: str
    left: str


@dataclass(frozen=True)
class InstallationPage:
    """Users and budgets. `notice` is the message about the last change."""

    template: ClassVar[str] = "requester/people/installation.html"

    frame: Frame
    own_id: int
    users: Sequence[UserLine]
    rights: Mapping[str, str]
    budgets: Sequence[InstallationBudgetLine]
    notice: str
    problem: str


@router.get("")
def show_installation(
    user: CurrentUser, db: ReadSession, now: Now, render: CurrentPages, changed: str = ""
) -> Response:
    """Security: for operators."""
    require_operating(user)
    return render.render(_page(db, user, now, notice=_NOTICES.get(changed, "")))


@router.post("/rights")
def change_rights(
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    person: Annotated[str, Form()] = "",
    right: Annotated[list[str], Form(max_length=8)] = [],  # noqa: B006  # FastAPI copies it
) -> Response:
    """Security: for operators. Rights that are not selected are revoked."""
    require_operating(user)
    chosen = db.get(User, number(person, "The person") or 0)
    if chosen is None:
        raise NotFound("There is no such user.")
    set_rights(db, chosen, Rights(**{name: name in right for name in RIGHTS}), user, now)
    return RedirectResponse("/installation?changed=rights", status_code=303)


@router.post("/budget")
def change_budget(
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    currency: Annotated[str, Form(max_length=3)] = "",
    amount: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Security: for operators. An empty amount removes the limit."""
    require_operating(user)
    try:
        cents = parse_amount(amount) if amount.strip() else None
        set_installation_budget(db, currency, cents, user.id, now)
    except BadRequest as problem:
        return render.render(_page(db, user, now, problem=problem.message), status=problem.status)
    return RedirectResponse("/installation?changed=budget", status_code=303)


def _page(db: Session, user: User, now: datetime, *, notice: str = "", problem: str = "") -> InstallationPage:
    return InstallationPage(
        frame=frame(user, Link("Account", "/account"), Link("Users and budgets", "", current=True)),
        own_id=user.id,
        users=[UserLine(one, rights_of(one)) for one in everybody(db)],
        rights=RIGHTS,
        budgets=[
            InstallationBudgetLine(
                currency=line.currency,
                committed=money(line.committed, line.currency),
                budget="" if line.most is None else decimal_text(line.most),
                left="" if line.most is None else money(max(line.most - line.committed, 0), line.currency),
            )
            for line in budget_lines(db, now)
        ],
        notice=notice,
        problem=problem,
    )

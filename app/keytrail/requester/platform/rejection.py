"""Choosing what becomes of a submission whose rejection was proposed: one page, one submission, one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.models import ActionKind, PlatformAction, Role, Study, Submission, User
from keytrail.platform_actions.kinds import capability_for
from keytrail.platform_actions.outbox import UNSENT, get_action
from keytrail.platform_actions.rejections import CHOOSABLE, Choice, choose
from keytrail.platforms.money import money
from keytrail.platforms.prolific import (
    LEAST_PERCENTAGE,
    MOST_PERCENTAGE,
    PART_PAY_CODE,
    SCREEN_OUT_CODE,
)
from keytrail.platforms.registry import capabilities_of, platform_class, platform_label
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.platform.messages import address
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}/payments", include_in_schema=False, dependencies=[Depends(same_origin)])

Text = Annotated[str, Form(max_length=5000)]
Number = Annotated[int, Form()]
# Each needs a completion code of its own at Prolific, which the study may not have.
_CODES = {ActionKind.PART_PAY: PART_PAY_CODE, ActionKind.SCREEN_OUT: SCREEN_OUT_CODE}


@dataclass(frozen=True)
class RejectionPage:
    """`possible` are the kinds that this platform and this study have; the rest is what stands in the form."""

    template: ClassVar[str] = "requester/platform/rejection.html"

    frame: Frame
    study: Study
    platform: str
    action: int
    submission: str
    possible: Sequence[str]
    categories: Sequence[tuple[str, str]]
    least_letters: int
    percentages: tuple[int, int]
    reward: str
    choice: Choice
    problem: str


@router.get("/choice")
def show_choice(slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages, action: int = 0) -> Response:
    """Security: owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    found = db.get(PlatformAction, action)
    if found is None or found.study_id != study.id or found.kind not in CHOOSABLE or found.state not in UNSENT:
        gone = "No rejection waits under this number any more. What waits stands on Payments."
        return render.render(_page(db, (study, role, user), None, Choice(ActionKind.REJECT), gone))
    earlier = Choice(
        ActionKind(found.kind),
        found.reason,
        str(found.parameters.get("category", "")),
        int(found.parameters.get("percentage", 0)),
    )
    return render.render(_page(db, (study, role, user), found, earlier))


@router.post("/choice")
def save_choice(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    action: Number = 0,
    kind: Text = "",
    reason: Text = "",
    category: Text = "",
    percentage: Number = 0,
) -> Response:
    """Queue what was chosen, in place of what waited. Security: owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    found = get_action(db, study.id, action)
    wanted = next((one for one in CHOOSABLE if one == kind), ActionKind.REJECT)
    choice = Choice(wanted, reason, category, percentage)
    try:
        choose(db, study, found, choice, user.id, now)
    except (BadRequest, Conflict) as problem:
        page = _page(db, (study, role, user), found, choice, problem.message)
        return render.render(page, status=problem.status)
    return RedirectResponse(address(f"/studies/{slug}/payments", "chosen"), status_code=303)


def _page(
    db: Session, reader: tuple[Study, Role, User], action: PlatformAction | None, choice: Choice, problem: str = ""
) -> RejectionPage:
    study, role, user = reader
    submission = db.get(Submission, action.submission_id) if action and action.submission_id else None
    terms = platform_class(study.platform).rejection
    return RejectionPage(
        frame=study_frame(user, study, role, "payments", Link("Rejection", "", current=True)),
        study=study,
        platform=platform_label(study.platform),
        action=action.id if action else 0,
        submission=submission.public_id if submission else "",
        possible=[str(kind) for kind in CHOOSABLE if action and _is_possible(study, kind)],
        categories=list(terms.grounds.items()),
        least_letters=terms.least_letters,
        percentages=(LEAST_PERCENTAGE, MOST_PERCENTAGE),
        reward=money(study.reward_cents, study.currency),
        choice=choice,
        problem=problem,
    )


def _is_possible(study: Study, kind: ActionKind) -> bool:
    code = _CODES.get(kind)
    return capabilities_of(study.platform).can(capability_for(kind)) and (
        code is None or bool(study.platform_options.get(code))
    )

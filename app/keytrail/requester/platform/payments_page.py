"""The context of the payments page, and redirects to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from fastapi import Form
from fastapi.responses import RedirectResponse, Response
from pydantic import Field
from sqlalchemy.orm import Session

from keytrail.models import Role, Study, User
from keytrail.platform_actions.action_list import (
    ActionGroup,
    totals_in_words,
    waiting_groups,
)
from keytrail.platform_actions.differences import Differences, differences
from keytrail.platforms import Capability
from keytrail.platforms.registry import capabilities_of, platform_class, platform_label
from keytrail.requester.frame import Frame, study_frame
from keytrail.requester.platform.action_lists import ActionList, action_lists
from keytrail.requester.platform.messages import address, notice_text
from keytrail.requester.platform.payment_forms import PaymentForms, payment_forms

MOST_AT_ONCE = 200
"""The most actions that are sent at once: each is a request to the platform, and the page waits for it."""

ActionNumber = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""What both databases hold as the number of a row."""
Picks = Annotated[list[ActionNumber], Form(max_length=MOST_AT_ONCE)]
Text = Annotated[str, Form(max_length=5000)]
Number = Annotated[int, Form(ge=0, le=2**31 - 1)]


@dataclass(frozen=True)
class PaymentsReader:
    """The user, the study and the time of a view of payments."""

    study: Study
    role: Role
    user: User
    now: datetime


@dataclass(frozen=True)
class PaymentsPage:
    """The outbox of one study. `may_send`: the user owns the study and may publish and pay.

    `by_hand`: some actions on this page are performed at the platform itself, and marked here.
    """

    template: ClassVar[str] = "requester/platform/payments.html"

    frame: Frame
    study: Study
    platform: str
    owner: bool
    may_send: bool
    figures: Sequence[tuple[str, str]]
    groups: Sequence[ActionGroup]
    waiting: ActionList
    waiting_in_all: int
    can_send: bool
    by_hand: bool
    ended: ActionList
    differences: Differences
    can_compare: bool
    has_bulk_forms: bool
    forms: PaymentForms
    notice: str
    problem: str


def payments_page(
    db: Session,
    reader: PaymentsReader,
    query: Mapping[str, str] | None = None,
    *,
    notice: str = "",
    problem: str = "",
    forms: PaymentForms | None = None,
) -> PaymentsPage:
    """Return the page for one reader; the query names a message, and pages and orders of the two lists."""
    study, role, query = reader.study, reader.role, query or {}
    groups = waiting_groups(db, study)
    waiting_in_all = sum(group.count for group in groups)
    waiting, ended = action_lists(db, study, query, waiting_in_all)
    may_send = role == Role.OWNER and reader.user.may_spend
    return PaymentsPage(
        frame=study_frame(reader.user, study, role, "payments"),
        study=study,
        platform=platform_label(study.platform),
        owner=role == Role.OWNER,
        may_send=may_send,
        figures=totals_in_words(db, study, reader.now),
        groups=groups,
        waiting=waiting,
        waiting_in_all=waiting_in_all,
        can_send=may_send and any(line.can_send for line in waiting.lines),
        by_hand=may_send and any(line.can_mark for line in waiting.lines),
        ended=ended,
        differences=differences(db, study, reader.now),
        can_compare=capabilities_of(study.platform).can(Capability.LIST) and role != Role.VIEWER,
        has_bulk_forms=platform_class(study.platform).has_bulk_forms,
        forms=forms or payment_forms(study),
        notice=notice or notice_text(query),
        problem=problem,
    )


def home_of(slug: str) -> str:
    """Return the page's address."""
    return f"/studies/{slug}/payments"


def back(slug: str, message: str, done: int = 0, left: int = 0) -> Response:
    """Redirect to the page with this message."""
    return RedirectResponse(address(home_of(slug), message, done, left), status_code=303)

"""The page with what a worker has earned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from keytrail.sandbox.market.earnings import Job, earnings_of
from keytrail.sandbox.market.money import to_dollars
from keytrail.sandbox.site.context import CurrentContext
from keytrail.sandbox.site.render import Page
from keytrail.sandbox.site.visitor import Bar, CurrentVisitor, bar
from keytrail.sandbox.site.wording import clock_time

router = APIRouter()
_SHOWN = 100


@dataclass(frozen=True)
class EarningRow:
    """A submitted assignment; amounts in dollars, `feedback` empty if the requester gave none."""

    title: str
    submitted: str
    status: str
    reward: str
    bonus: str
    feedback: str


@dataclass(frozen=True)
class EarningsPage(Page):
    """Totals in dollars and the newest assignments."""

    template: ClassVar[str] = "earnings.html"
    bar: Bar
    approved: str
    pending: str
    bonuses: str
    rows: Sequence[EarningRow]


@router.get("/earnings")
def earnings(context: CurrentContext, visitor: CurrentVisitor) -> HTMLResponse:
    """Show the earnings. Recorded only."""
    with context.work() as work:
        worker = visitor.require_worker(work)
        earned = earnings_of(work.db, worker, _SHOWN)
        page = EarningsPage(
            bar=bar(work, worker, "earnings"),
            approved=to_dollars(earned.approved_cents),
            pending=to_dollars(earned.pending_cents),
            bonuses=to_dollars(earned.bonus_cents),
            rows=[_earning(job) for job in earned.jobs],
        )
    return context.pages.show(page)


def _earning(job: Job) -> EarningRow:
    done = job.assignment
    return EarningRow(
        title=job.title,
        submitted=clock_time(done.submitted_at or done.accepted_at),
        status=done.status,
        reward=to_dollars(job.reward_cents),
        bonus=to_dollars(job.bonus_cents) if job.bonus_cents else "",
        feedback=done.feedback or "",
    )

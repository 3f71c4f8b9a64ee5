"""The overview page of a study."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from keytrail.models import Study
from keytrail.platforms.money import money
from keytrail.requester.frame import Frame, study_frame
from keytrail.requester.overview.charts import Chart
from keytrail.requester.overview.overview_charts import arrived_chart, findings_chart, minutes_chart, progress_chart
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.requester.wording import HONEST_LIMIT, decision_states
from keytrail.review.figures.overview import (
    ConditionFigures,
    arrived_shares,
    by_condition,
    findings_by_rule,
    minutes_on_task,
    progress_over_time,
)
from keytrail.review.figures.progress import Progress, offered_places, with_tallies
from keytrail.review.figures.spending import spending_of
from keytrail.review.judging.agreement import Agreement, agreement_of
from keytrail.review.queue.counts import Counts, count_decisions, counts_of, tally_submissions
from keytrail.review.queue.filters import WAITING
from keytrail.web.pages import CurrentPages
from keytrail.web.services import ReadSession
from keytrail.web.timezones import CurrentZone

router = APIRouter(prefix="/studies/{slug}", include_in_schema=False)


@dataclass(frozen=True)
class OverviewPage:
    """Progress, how much text arrived without typing, findings, time on task, conditions, decisions."""

    template: ClassVar[str] = "requester/overview/overview.html"

    frame: Frame
    study: Study
    progress: Progress
    counts: Counts
    paid: str
    to_pay: str
    rewards: str
    charts: Sequence[Chart]
    findings: Chart
    conditions: Sequence[ConditionFigures]
    decisions: Sequence[tuple[str, str, int]]
    agreement: Agreement | None
    limit: str


@router.get("/overview")
def show_overview(slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages, zone: CurrentZone) -> Response:
    """Security: study_for answers 404 to whoever has no role in the study."""
    study, role = study_for(db, slug, user)
    home = f"/studies/{study.slug}"
    tallies = tally_submissions(db, [study.id]).get(study.id, ())
    counts = counts_of(tallies)
    spending = spending_of(db, [study.id])[study.id]
    decided = count_decisions(db, study, counts)
    analysed = counts.total - counts.verdicts.get(WAITING, 0)
    page = OverviewPage(
        frame=study_frame(user, study, role, "overview"),
        study=study,
        progress=with_tallies(offered_places(db, [study.id])[study.id], tallies),
        counts=counts,
        paid=money(spending.paid_cents, study.currency),
        to_pay=money(spending.to_pay_cents, study.currency) if spending.to_pay_cents else "",
        rewards=money(counts.total * study.reward_cents, study.currency),
        charts=[
            progress_chart(home, progress_over_time(db, study.id, zone.info), zone.name),
            arrived_chart(home, arrived_shares(db, study.id)),
            minutes_chart(home, minutes_on_task(db, study.id)),
        ],
        findings=findings_chart(home, findings_by_rule(db, study.id), analysed),
        conditions=by_condition(db, study.id),
        decisions=[
            (key, description, decided.get(key, 0))
            for key, description in decision_states(study.reviews_per_submission).items()
        ],
        # Not asked for where there is none: it reads decisions one by one.
        agreement=agreement_of(db, study.id) if any(tally.reviewers > 1 for tally in tallies) else None,
        limit=HONEST_LIMIT,
    )
    return render.render(page)

"""The page of a worker in a study, with the exclusion from further studies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import Role, Study, User, Worker
from keytrail.platform_actions.exclusions import EarlierStudy, earlier_studies, exclude, is_excluded, is_known, readmit
from keytrail.platforms.money import money
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.overview.charts import Bar, Chart, stacked
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.platform.payment_forms import PaymentForms, held_by_platform, payment_forms
from keytrail.requester.queue.filter_form import ChosenFilters
from keytrail.requester.queue.rows import QueueRow, row_of
from keytrail.requester.wording import VERDICTS
from keytrail.review.figures.spending import paid_to
from keytrail.review.figures.workers import WorkerFigures, findings_of_worker, unconfirmed_of_worker, worker_figures
from keytrail.review.queue.listing import list_lines
from keytrail.sessions.confirmation import is_confirmable
from keytrail.synthetic.rules import rule_title
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession
from keytrail.web.timezones import CurrentZone, Zone

router = APIRouter(
    prefix="/studies/{slug}/workers/{pseudonym}", include_in_schema=False, dependencies=[Depends(same_origin)]
)

_MOST_SUBMISSIONS = 200


@dataclass(frozen=True)
class WorkerPage:
    """One worker: figures, submissions over time, findings, and the exclusion.

    `earned` is the reward for accepted work, `paid` what was sent, bonuses included. A worker who is not `known` as a
    person cannot be excluded. `unconfirmed` are texts that only carry the worker's id; no figure counts them.
    """

    template: ClassVar[str] = "requester/workers/worker.html"

    frame: Frame
    study: Study
    worker: WorkerFigures
    earned: str
    paid: str
    chart: Chart
    findings: Sequence[tuple[str, str, int]]
    rows: Sequence[QueueRow]
    unconfirmed: Sequence[QueueRow]
    confirmable: bool
    may_exclude: bool
    excluded: bool
    known: bool
    forms: PaymentForms | None
    earlier: Sequence[EarlierStudy]


@router.get("")
def show_worker(
    slug: str, pseudonym: str, user: CurrentUser, db: ReadSession, render: CurrentPages, now: Now, zone: CurrentZone
) -> Response:
    """Security: study_for answers 404 to users without a role in the study."""
    study, role = study_for(db, slug, user)
    figures = worker_figures(db, study, pseudonym)
    worker = db.get_one(Worker, figures.id)
    lines, _ = list_lines(db, study.id, ChosenFilters(worker=pseudonym).filters(), _MOST_SUBMISSIONS)
    every = [row_of(line, study.reviews_per_submission, user.id, now) for line in lines]
    foreign = unconfirmed_of_worker(db, study, figures.id)
    rows = [row for row in every if row.line.public_id not in foreign]
    owns = role == Role.OWNER
    held = held_by_platform(db, [row.line.public_id for row in rows]) if owns else set()
    choices = [(row.line.public_id, _named(row, zone)) for row in rows if row.line.public_id in held]
    page = WorkerPage(
        frame=study_frame(user, study, role, "workers", Link(f"Worker {pseudonym}", "", current=True)),
        study=study,
        worker=figures,
        earned=money(figures.accepted * study.reward_cents, study.currency),
        paid=money(paid_to(db, [figures.id]).get(figures.id, 0), study.currency),
        chart=_chart(rows),
        findings=[(rule, rule_title(rule), count) for rule, count in findings_of_worker(db, study, figures.id)],
        rows=rows,
        unconfirmed=[row for row in every if row.line.public_id in foreign],
        confirmable=is_confirmable(db, study),
        may_exclude=owns,
        excluded=owns and is_excluded(db, worker, user),
        known=owns and is_known(db, worker, user),
        forms=payment_forms(study, choices) if choices else None,
        earlier=earlier_studies(db, worker, user) if owns else (),
    )
    return render.render(page)


@router.post("/exclude")
def exclude_worker(
    slug: str,
    pseudonym: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Security: for owners; the exclusion applies to their own further studies."""
    study, worker = _owned(db, slug, pseudonym, user)
    exclude(db, study, worker, user, reason, now)
    return RedirectResponse(f"/studies/{slug}/workers/{pseudonym}", status_code=303)


@router.post("/readmit")
def readmit_worker(slug: str, pseudonym: str, user: CurrentUser, db: WriteSession, now: Now) -> Response:
    """Security: for owners."""
    study, worker = _owned(db, slug, pseudonym, user)
    readmit(db, study, worker, user, now)
    return RedirectResponse(f"/studies/{slug}/workers/{pseudonym}", status_code=303)


def _owned(db: Session, slug: str, pseudonym: str, user: User) -> tuple[Study, Worker]:
    study, role = study_for(db, slug, user)
    require_owner(role)
    figures = worker_figures(db, study, pseudonym)
    return study, db.scalars(select(Worker).where(Worker.id == figures.id)).one()


def _named(row: QueueRow, zone: Zone) -> str:
    """Return a submission for a list of choices."""
    at = row.line.submitted_at.astimezone(zone.info)
    return f"{row.line.item_title or row.line.item_key}, {at:%Y-%m-%d %H:%M} ({zone.name})"


def _bar(row: QueueRow) -> Bar:
    known = f"{row.arrived} without typing" if row.arrived else "share without typing not known"
    return Bar(
        label=row.line.item_title or row.line.item_key,
        description=f"{row.verdict.label}, {known}",
        url=f"/submissions/{row.line.public_id}",
        segments=stacked({f"v-{row.verdict_key}": max(1, round((row.line.arrived_share or 0) * 100))}, 100),
    )


def _chart(rows: Sequence[QueueRow]) -> Chart:
    """Return one bar per submission, oldest first, by the share that arrived without typing."""
    oldest_first = rows[::-1]
    bars = [_bar(row) for row in oldest_first]
    return Chart(
        id="worker",
        title="Text that arrived without typing, over time",
        explanation="One bar per submission, oldest first; full height is 100 %.",
        bars=bars,
        key=[(f"v-{key}", word.label) for key, word in VERDICTS.items() if any(r.verdict_key == key for r in rows)],
        columns=["Item", "Verdict", "Without typing", "Decision"],
        rows=[
            [row.line.item_title or row.line.item_key, row.verdict.label, row.arrived or "–", row.decision]  # noqa: RUF001  # a dash
            for row in oldest_first
        ],
    )

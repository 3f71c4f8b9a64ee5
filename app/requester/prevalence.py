"""How much of a study was written by language models: a plot, its table, and what the figures rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from app.models import Study
from app.requester.access import CurrentUser, study_for
from app.requester.frame import Frame, study_frame
from app.synthetic.estimates import report_rows
from app.synthetic.prevalence import StudyPrevalence, study_prevalence
from app.text.prevalence.report import PrevalenceReport
from app.web.pages import CurrentPages
from app.web.services import ReadSession

router = APIRouter(prefix="/studies/{slug}", include_in_schema=False)


@dataclass(frozen=True)
class EstimateRow:
    """One estimate in words, and its place on a scale from 0 to 100."""

    kind: str
    name: str
    share: str
    interval: str
    units: int
    method: str
    at: float
    low: float
    width: float


@dataclass(frozen=True)
class EstimateTable:
    """All estimates of one set of submissions, or of the workers."""

    title: str
    rows: Sequence[EstimateRow]


@dataclass(frozen=True)
class PrevalencePage:
    """Estimates by submission, by worker and by condition."""

    template: ClassVar[str] = "requester/prevalence.html"

    frame: Frame
    study: Study
    found: StudyPrevalence
    tables: Sequence[EstimateTable]
    assumptions: Sequence[str]


@router.get("/prevalence")
def show_prevalence(slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages) -> Response:
    """Security: study_for answers 404 to whoever has no role in the study."""
    study, role = study_for(db, slug, user)
    found = study_prevalence(db, study)
    reports = [("By submission", found.by_submission), ("By worker", found.by_worker)]
    reports += [(f"Condition: {name}", report) for name, report in found.conditions.items()]
    made = [(title, report) for title, report in reports if report is not None]
    page = PrevalencePage(
        frame=study_frame(user, study, role, "prevalence"),
        study=study,
        found=found,
        tables=[EstimateTable(title, _rows(report)) for title, report in made],
        assumptions=list(
            dict.fromkeys(said for _, report in made for _, one in report_rows(report) for said in one.assumptions)
        ),
    )
    return render.render(page)


def _rows(report: PrevalenceReport) -> list[EstimateRow]:
    return [
        EstimateRow(
            kind=kind,
            name=one.name,
            share=f"{one.value:.0%}",
            interval=f"{one.interval.low:.0%} to {one.interval.high:.0%}",
            units=one.units,
            method=one.method,
            at=round(100 * one.value, 2),
            low=round(100 * one.interval.low, 2),
            width=round(100 * (one.interval.high - one.interval.low), 2),
        )
        for kind, one in report_rows(report)
    ]

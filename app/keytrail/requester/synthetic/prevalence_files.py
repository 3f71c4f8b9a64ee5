"""Files of the prevalence page: the estimates as a table, and the figure for a paper."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.orm import Session

from keytrail.errors import NotFound
from keytrail.exports.formulas import not_a_formula
from keytrail.models import User
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.requester.synthetic.forest import ForestPlot
from keytrail.requester.synthetic.prevalence import prevalence_plot
from keytrail.synthetic.prevalence.cache import PREVALENCE, look_up
from keytrail.synthetic.prevalence.estimates import report_rows
from keytrail.synthetic.prevalence.study import StudyPrevalence
from keytrail.text.prevalence.report import PrevalenceReport
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession

router = APIRouter(prefix="/studies/{slug}/prevalence", include_in_schema=False)

COLUMNS = ("split_by", "part", "unit", "estimator", "name", "share", "low", "high", "level", "number", "method")


@dataclass(frozen=True)
class FigureFile:
    """The plot as a separate file."""

    template: ClassVar[str] = "requester/synthetic/figure.svg"

    plot: ForestPlot


@router.get("/estimates.csv")
def download_estimates(slug: str, user: CurrentUser, db: ReadSession, now: Now) -> Response:
    """Security: study_for answers 404 to whoever has no role in the study."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for split_by, part, report in _reports(_estimates(db, slug, user, now)):
        for kind, one in report_rows(report):
            interval = (one.value, one.interval.low, one.interval.high, one.interval.level)
            writer.writerow(
                (split_by, not_a_formula(part), report.unit, kind, one.name, *interval, one.units, one.method)
            )
    return _file(buffer.getvalue(), "text/csv", f"{slug}-estimates.csv")


@router.get("/figure.svg")
def download_figure(slug: str, user: CurrentUser, db: ReadSession, now: Now, render: CurrentPages) -> Response:
    """Security: study_for answers 404 to whoever has no role in the study."""
    plot = prevalence_plot(_estimates(db, slug, user, now))
    if plot is None:
        raise NotFound("There is no figure yet: no analysed submission has a result that could be counted.")
    return _file(render.text(FigureFile(plot)), "image/svg+xml", f"{slug}-prevalence.svg")


def _estimates(db: Session, slug: str, user: User, now: Now) -> StudyPrevalence:
    study, _ = study_for(db, slug, user)
    found = look_up(db, PREVALENCE, [study], now).found
    if found is None:
        raise NotFound("There are no estimates yet. Open the study's Prevalence page and wait until it shows them.")
    return found


def _reports(found: StudyPrevalence) -> Iterator[tuple[str, str, PrevalenceReport]]:
    """Return the report of the whole study, then of each part."""
    for report in (found.by_submission, found.by_worker):
        if report is not None:
            yield "", "", report
    for split_by, parts in found.parts.items():
        for part in parts:
            yield split_by, part.name, part.by_submission
            yield split_by, part.name, part.by_worker


def _file(text: str, media_type: str, name: str) -> Response:
    return Response(text, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})

"""Workers' self-reports, as the prevalence and conditions pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from keytrail.models import Study
from keytrail.synthetic.prevalence.self_reports import count_self_reports
from keytrail.web.formatting import percent, percent_range


@dataclass(frozen=True)
class SelfReportRow:
    """The study or one of its conditions, and the share who reported using a model, on a scale from 0 to 100."""

    name: str
    asked: int
    answered: int
    partly: int
    mostly: int
    share: str
    interval: str
    at: float
    low: float
    width: float


def self_report_rows(db: Session, study: Study) -> Sequence[SelfReportRow]:
    """Return the rows; empty with too few answers. Counted at each visit, because answers do not affect the cache."""
    return [
        SelfReportRow(
            name=counts.condition or "All",
            asked=counts.asked,
            answered=counts.answered,
            partly=counts.partly,
            mostly=counts.mostly,
            share=percent(counts.share),
            interval=percent_range(counts.interval.low, counts.interval.high),
            at=round(100 * counts.share, 2),
            low=round(100 * counts.interval.low, 2),
            width=round(100 * (counts.interval.high - counts.interval.low), 2),
        )
        for counts in count_self_reports(db, study)
    ]

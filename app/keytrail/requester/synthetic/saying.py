"""What workers say of language models, as the pages on prevalence and on conditions show it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from keytrail.models import Study
from keytrail.synthetic.said import said_in
from keytrail.web.figures import percent, percent_range


@dataclass(frozen=True)
class SaidRow:
    """The study or one of its conditions, and the share who said so on a scale from 0 to 100."""

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


def said_rows(db: Session, study: Study) -> Sequence[SaidRow]:
    """Empty while there are too few answers. Counted at each look: answers change nothing else."""
    return [
        SaidRow(
            name=said.condition or "All",
            asked=said.asked,
            answered=said.answered,
            partly=said.partly,
            mostly=said.mostly,
            share=percent(said.share),
            interval=percent_range(said.interval.low, said.interval.high),
            at=round(100 * said.share, 2),
            low=round(100 * said.interval.low, 2),
            width=round(100 * (said.interval.high - said.interval.low), 2),
        )
        for said in said_in(db, study)
    ]

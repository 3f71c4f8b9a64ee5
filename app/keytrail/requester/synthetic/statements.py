"""Workers' statements on where pasted text is from, compared with the log: a table in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from keytrail.models import Study
from keytrail.sessions.statements import STATED_ORIGINS
from keytrail.synthetic.prevalence.statements import cross_statements


@dataclass(frozen=True)
class StatementRow:
    """Submissions whose worker named this origin, by whether the log shows text that was not typed."""

    name: str
    arrived: int
    typed: int
    unknown: int


def statement_rows(db: Session, study: Study) -> Sequence[StatementRow]:
    """Empty if nobody named an origin. Counted at each request."""
    return [
        StatementRow(STATED_ORIGINS[row.stated] if row.stated else "Named nothing", row.arrived, row.typed, row.unknown)
        for row in cross_statements(db, study)
    ]

"""Select the submissions of an export."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Select, or_

from keytrail.models import DecisionKind, Submission
from keytrail.review.queue.filters import Filters, filtered

_Query = TypeVar("_Query", bound=Select[*tuple[Any, ...]])

NOT_DATA = (DecisionKind.EXCLUDE, DecisionKind.SECOND_LOOK, DecisionKind.PROPOSE_REJECTION)


@dataclass(frozen=True)
class Selection:
    """Submissions of one study that fit the filters, have one of the verdicts (none: any) and, if `usable`, were not
    excluded.

    `usable` leaves out what reviewers excluded from the data, proposed to reject or want to see again.
    """

    study_id: int
    study: str
    filters: Filters = field(default_factory=Filters)
    verdicts: tuple[str, ...] = ()
    usable: bool = False

    def narrow(self, query: _Query) -> _Query:
        """Restrict a query over submissions; oldest first."""
        query = filtered(query, self.study_id, self.filters)
        if self.verdicts:
            query = query.where(Submission.verdict.in_(self.verdicts))
        if self.usable:
            query = query.where(or_(Submission.decision.is_(None), Submission.decision.not_in(NOT_DATA)))
        return query.order_by(Submission.id)

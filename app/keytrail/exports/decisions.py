"""The table of decisions, including replaced and undone ones, once all required reviewers have judged."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.exports.columns import Column, ColumnKind, Table
from keytrail.exports.reading import portions
from keytrail.exports.selection import Selection
from keytrail.models import Decision, Study


@dataclass(frozen=True)
class DecisionRow:
    """A decision with its submission's id."""

    submission: str
    decision: Decision


def _rows(db: Session, selection: Selection) -> Iterator[DecisionRow]:
    several = db.get_one(Study, selection.study_id).reviews_per_submission > 1
    for portion in portions(db, selection):
        names = {one.id: one.public_id for one in portion if one.settled or not several}
        query = select(Decision).where(Decision.submission_id.in_(names)).order_by(Decision.submission_id, Decision.id)
        for decision in db.scalars(query):
            yield DecisionRow(names[decision.submission_id], decision)


DECISIONS: Table[DecisionRow] = Table(
    "decisions",
    "One row per decision, oldest first within a submission. The last one of each reviewer is current. "
    "Where the study wants several reviewers, only of submissions that all of them have judged.",
    (
        Column("submission", ColumnKind.TEXT, "Id of the submission.", lambda r: r.submission),
        Column(
            "reviewer",
            ColumnKind.TEXT,
            "Who decided: a number that stands for one person, no name.",
            lambda r: f"reviewer-{r.decision.user_id}",
        ),
        Column(
            "kind",
            ColumnKind.TEXT,
            "accept, exclude, second_look, propose_rejection, or withdrawn (takes this reviewer's last one back).",
            lambda r: r.decision.kind,
        ),
        Column("reason", ColumnKind.TEXT, "Id of the reason from the list.", lambda r: r.decision.reason or None),
        Column("note", ColumnKind.TEXT, "The reviewer's own words.", lambda r: r.decision.note or None),
        Column("verdict_seen", ColumnKind.TEXT, "The verdict that the page showed.", lambda r: r.decision.verdict_seen),
        Column(
            "analysis_version_seen",
            ColumnKind.TEXT,
            "The analysis that it came from.",
            lambda r: r.decision.analysis_version_seen,
        ),
        Column("decided_at", ColumnKind.MOMENT, "When.", lambda r: r.decision.decided_at),
    ),
    _rows,
)

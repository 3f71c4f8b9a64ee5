"""figures of a study: the numbers of each report that they rest on, stamps, and what was worked out"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

import keytrail.db

revision: str = "4b8e2f71d6a3"
down_revision: str | None = "f09d3c7a61be"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STAMPED = ("items", "reference_texts", "writing_sessions", "text_scores", "across_findings")
_STAMPS = {
    "text_scores": ["study_id", "stamp"],
    "writing_sessions": ["study_id", "state", "expires_at", "stamp"],
}
_PORTION = 500
_FROM_OUTSIDE = {"external", "nokey", "script", "silent"}
_LONGEST_MS = 2**53
_REPORTS = sa.table("reports", sa.column("submission_id"), sa.column("study_id"), sa.column("body", sa.JSON()))


# Altered in place, as in `review queue and accounts`.
def upgrade() -> None:
    for table in _STAMPED:
        op.add_column(table, sa.Column("stamp", sa.BigInteger(), nullable=False, server_default="0"))
    for table, columns in _STAMPS.items():
        op.create_index(f"ix_{table}_stamps", table, columns)
    op.create_table(
        "study_figures",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("worked_out_at", keytrail.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("begun_at", keytrail.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_study_figures_study_id_studies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_study_figures")),
    )
    figures = op.create_table(
        "report_figures",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("external_share", sa.Float(), nullable=False),
        sa.Column("source_share", sa.Float(), nullable=False),
        sa.Column("accounted_share", sa.Float(), nullable=False),
        sa.Column("pastes", sa.Integer(), nullable=True),
        sa.Column("pastes_prevented", sa.Integer(), nullable=False),
        sa.Column("copies_prevented", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["reports.submission_id"],
            name=op.f("fk_report_figures_submission_id_reports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_report_figures")),
    )
    op.create_index("ix_report_figures_stamps", "report_figures", ["study_id", "stamp"])
    _fill(figures)


def _fill(figures: sa.Table) -> None:
    """From the reports that there are, some at a time: each holds some kilobytes."""
    last = 0
    while rows := _reports_after(last):
        op.bulk_insert(figures, [_figures(*row) for row in rows])
        last = rows[-1][0]


def _reports_after(last: int) -> Sequence[Sequence[Any]]:
    query = sa.select(_REPORTS).where(_REPORTS.c.submission_id > last)
    return op.get_bind().execute(query.order_by(_REPORTS.c.submission_id).limit(_PORTION)).all()


def _figures(submission_id: int, study_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """As app/keytrail/review/analysis/bridge.py stores them, on the day of this migration."""
    outside = [span for span in body["spans"] if span.get("inherited", span["origin"]) in _FROM_OUTSIDE]
    measures = body["measures"]
    return {
        "submission_id": submission_id,
        "study_id": study_id,
        "external_share": sum(span["end"] - span["start"] for span in outside) / (body["length"] or 1),
        "source_share": body["source_share"],
        "accounted_share": body["accounted_share"],
        "pastes": measures.get("pastes"),
        "pastes_prevented": measures.get("pastes_prevented") or 0,
        "copies_prevented": measures.get("copies_prevented") or 0,
        "duration_ms": min(measures.get("duration_ms") or 0, _LONGEST_MS),
        "stamp": 0,
    }


def downgrade() -> None:
    op.drop_index("ix_report_figures_stamps", "report_figures")
    op.drop_table("report_figures")
    op.drop_table("study_figures")
    for table in _STAMPS:
        op.drop_index(f"ix_{table}_stamps", table)
    for table in reversed(_STAMPED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN stamp")

"""across findings"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d94be17c06a5"
down_revision: str | None = "c1d07f5ea832"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "across_findings",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_across_findings_study_id_studies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_across_findings_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", "rule", name=op.f("pk_across_findings")),
    )
    op.create_index("ix_across_findings_study", "across_findings", ["study_id"])


def downgrade() -> None:
    op.drop_index("ix_across_findings_study", "across_findings")
    op.drop_table("across_findings")

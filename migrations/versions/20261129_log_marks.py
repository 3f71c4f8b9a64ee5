"""log marks: fingerprints by which a log that is sent again is known"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "5d1f8a36c7e2"
down_revision: str | None = "5d2ab07c91e4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "log_marks",
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_log_marks_submission_id_submissions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mark", "submission_id", name="pk_log_marks"),
    )
    op.create_index("ix_log_marks_submission_id", "log_marks", ["submission_id"])


def downgrade() -> None:
    op.drop_table("log_marks")

"""self reports: whether a worker used a language model, in the worker's own words"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import keytrail.db

revision: str = "7c90d5e2b134"
down_revision: str | None = "4b8e2f71d6a3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


# Altered in place, as in `review queue and accounts`.
def upgrade() -> None:
    op.add_column("studies", sa.Column("asks_model_use", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "self_reports",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("model_use", sa.String(16), nullable=False),
        sa.Column("answered_at", keytrail.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_self_reports_submission_id_submissions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_self_reports"),
    )


def downgrade() -> None:
    op.drop_table("self_reports")
    op.execute("ALTER TABLE studies DROP COLUMN asks_model_use")

"""text jobs"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import keytrail.db

revision: str = "c1d07f5ea832"
down_revision: str | None = "b71f0c93de54"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "text_jobs",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=False),
        sa.Column("started_at", keytrail.db.UtcDateTime(), nullable=False),
        sa.Column("updated_at", keytrail.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_text_jobs_study_id_studies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_text_jobs")),
    )


def downgrade() -> None:
    op.drop_table("text_jobs")

"""review queue and accounts"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

import keytrail.db

revision: str = "e17bd9cd128a"
down_revision: str | None = "7c1e5a90d3b2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Altered in place: in batch mode SQLite would make the tables anew, and dropping the old ones would take the rows of
# other tables with them by cascade.
COLUMNS: tuple[tuple[str, str, Any, dict[str, Any]], ...] = (
    ("api_tokens", "scopes", sa.String(length=200), {"nullable": False, "server_default": "submissions events"}),
    ("api_tokens", "expires_at", keytrail.db.UtcDateTime(timezone=True), {}),
    ("sign_ins", "user_agent", sa.String(length=200), {"nullable": False, "server_default": ""}),
    ("studies", "reviews_per_submission", sa.Integer(), {"nullable": False, "server_default": "1"}),
    ("submissions", "reviewers", sa.Integer(), {"nullable": False, "server_default": "0"}),
    ("submissions", "settled", sa.Boolean(), {"nullable": False, "server_default": sa.false()}),
    ("submissions", "claimed_by_id", sa.Integer(), {}),
    ("submissions", "claimed_until", keytrail.db.UtcDateTime(timezone=True), {}),
)
# What was decided before counts one reviewer each; a wish for a second look keeps it in the queue.
_DECIDED = "UPDATE submissions SET reviewers = 1 WHERE decision IS NOT NULL"
_SETTLED = "UPDATE submissions SET settled = (decision <> 'second_look') WHERE decision IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_invitations_created_by_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_invitations_study_id_studies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_invitations_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitations")),
    )
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_saved_filters_study_id_studies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_saved_filters_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("user_id", "study_id", "name", name=op.f("uq_saved_filters_user_id_study_id_name")),
    )
    for table, name, kind, more in COLUMNS:
        op.add_column(table, sa.Column(name, kind, **more))
    op.create_index("ix_decisions_user", "decisions", ["user_id", "submission_id"])
    op.drop_index("ix_submissions_queue", "submissions")
    op.create_index("ix_submissions_queue", "submissions", ["study_id", "settled", "attention", "id"])
    op.execute(_DECIDED)
    op.execute(_SETTLED)


def downgrade() -> None:
    op.drop_index("ix_submissions_queue", "submissions")
    op.create_index("ix_submissions_queue", "submissions", ["study_id", "decision", "attention", "id"])
    op.drop_index("ix_decisions_user", "decisions")
    for table, name, *_ in COLUMNS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    op.drop_table("saved_filters")
    op.drop_table("invitations")

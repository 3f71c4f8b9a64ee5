"""limits of a log: what page loads have sent, analyses that failed, and a nonce for each session"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import keytrail.db

revision: str = "9d2f6b1c40ae"
down_revision: str | None = "5e1a7c30b9d4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COUNTS = ("events", "characters", "plain_bytes")
# What the page loads before this version inserted is not counted again: reading them would take hours.
_COUNTED = """
UPDATE epochs SET events = coalesce(
    (SELECT sum(event_batches.count) FROM event_batches WHERE event_batches.epoch_id = epochs.id), 0)
"""


def upgrade() -> None:
    for name in _COUNTS:
        op.add_column("epochs", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("epochs", sa.Column("cut_seq", sa.Integer(), nullable=True))
    op.execute(_COUNTED)
    # Made anew for the sake of AUTOINCREMENT: SQLite gives the highest id out again once its row is gone. Foreign keys
    # are off meanwhile (app/keytrail/schema.py). Sessions from before keep the empty nonce that their tickets have.
    with op.batch_alter_table(
        "writing_sessions", recreate="auto" if _on_postgres() else "always", table_kwargs=_autoincrement(on=True)
    ) as batch_op:
        batch_op.add_column(sa.Column("nonce", sa.String(length=32), nullable=False, server_default=""))
    op.create_table(
        "analysis_failures",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("failed_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_at", keytrail.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name="fk_analysis_failures_submission_id_submissions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_analysis_failures"),
    )


def downgrade() -> None:
    op.drop_table("analysis_failures")
    with op.batch_alter_table(
        "writing_sessions", recreate="auto" if _on_postgres() else "always", table_kwargs=_autoincrement(on=False)
    ) as batch_op:
        batch_op.drop_column("nonce")
    for name in ("cut_seq", *_COUNTS):
        op.execute(f"ALTER TABLE epochs DROP COLUMN {name}")


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _autoincrement(*, on: bool) -> dict[str, bool]:
    return {"sqlite_autoincrement": True} if on else {}

"""chain of evidence"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import keytrail.db

revision: str = "7c1e5a90d3b2"
down_revision: str | None = "104dcd1ccf17"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Times become whole milliseconds; julianday would lose some, and PostgreSQL has no strftime.
_TO_MILLIS = {
    "sqlite": "strftime('%s', received_at) * 1000 + substr(strftime('%f', received_at), 4)",
    "postgresql": "CAST(floor(extract(epoch FROM received_at) * 1000) AS BIGINT)",
}
_FROM_MILLIS = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', received_ms / 1000.0, 'unixepoch') || '000'",
    "postgresql": "to_timestamp(received_ms / 1000.0)",
}
# What was stored before has no links; `keytrail verify` says so. Its places are those of the numbers of its events.
_PLACES = """
UPDATE event_batches SET place = (
    SELECT count(*) FROM event_batches AS earlier
    WHERE earlier.epoch_id = event_batches.epoch_id AND earlier.first_seq < event_batches.first_seq
)
"""
_EPOCHS = """
UPDATE epochs SET
    batches = (SELECT count(*) FROM event_batches WHERE epoch_id = epochs.id),
    reached_seq = coalesce((SELECT max(first_seq + count) FROM event_batches WHERE epoch_id = epochs.id), 0)
"""


# In batch mode SQLite makes a table anew and drops the old one, and with it, by cascade, the rows of other tables that
# belong to it. So `epochs` is altered in place, and keeps its defaults.
_IN_EPOCHS = {"reached_seq": sa.Integer(), "batches": sa.Integer(), "last_link": sa.LargeBinary()}


def upgrade() -> None:
    # To SQLite '' is text, of which a comparison with bytes is never true.
    empty = sa.text("x''" if op.get_bind().dialect.name == "sqlite" else "''")
    for name, kind in _IN_EPOCHS.items():
        default = empty if name == "last_link" else "0"
        op.add_column("epochs", sa.Column(name, kind, nullable=False, server_default=default))
    with op.batch_alter_table("event_batches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("received_ms", keytrail.db.UtcMillis(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("link", sa.LargeBinary(), nullable=False, server_default=empty))
    op.execute(f"UPDATE event_batches SET received_ms = {_TO_MILLIS[op.get_bind().dialect.name]}")
    op.execute(_PLACES)
    op.execute(_EPOCHS)
    with op.batch_alter_table("event_batches", schema=None) as batch_op:
        batch_op.drop_column("received_at")
        batch_op.alter_column("received_ms", new_column_name="received_at", server_default=None)
        for name in ("place", "link"):
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("event_batches", schema=None) as batch_op:
        batch_op.drop_column("link")
        batch_op.drop_column("place")
        batch_op.alter_column("received_at", new_column_name="received_ms")
    with op.batch_alter_table("event_batches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("received_at", keytrail.db.UtcDateTime(timezone=True), nullable=True))
    op.execute(f"UPDATE event_batches SET received_at = {_FROM_MILLIS[op.get_bind().dialect.name]}")
    with op.batch_alter_table("event_batches", schema=None) as batch_op:
        batch_op.drop_column("received_ms")
        batch_op.alter_column("received_at", nullable=False)
    for name in _IN_EPOCHS:
        op.execute(f"ALTER TABLE epochs DROP COLUMN {name}")

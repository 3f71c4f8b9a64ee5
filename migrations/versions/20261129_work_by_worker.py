"""work by worker: an assignment's id is not a person's, and whether the platform has confirmed whose it is"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import keytrail.db

revision: str = "5e1a7c42b9d0"
down_revision: str | None = "9d2f6b1c40ae"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OLD_UNIQUE = "uq_writing_sessions_study_id_assignment_pseudonym"
_OPEN = sa.text("state <> 'returned'")
# What the platform had named before was one worker's each; imported work has no platform to ask.
_CONFIRMED = """
UPDATE writing_sessions SET confirmed_at = COALESCE(
    (SELECT heard_at FROM platform_assignments AS known
     WHERE known.study_id = writing_sessions.study_id AND known.pseudonym = writing_sessions.assignment_pseudonym),
    CASE WHEN NOT EXISTS (SELECT 1 FROM assignment_identities AS own WHERE own.session_id = writing_sessions.id)
    THEN COALESCE(ended_at, consented_at) END)
"""
# Under the old key an assignment has room for one session: the one that was handed in, or else the newest. The others
# stay, under a name of their own.
_ONE_EACH = """
UPDATE writing_sessions SET assignment_pseudonym = SUBSTR(assignment_pseudonym, 1, 20) || '/' || id WHERE EXISTS (
    SELECT 1 FROM writing_sessions AS other
    WHERE other.study_id = writing_sessions.study_id
    AND other.assignment_pseudonym = writing_sessions.assignment_pseudonym AND other.id <> writing_sessions.id
    AND ((other.state = 'submitted' AND writing_sessions.state <> 'submitted')
         OR ((other.state = 'submitted') = (writing_sessions.state = 'submitted') AND other.id > writing_sessions.id)))
"""


def upgrade() -> None:
    op.add_column(
        "studies", sa.Column("return_after_withdrawal", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("platform_assignments", sa.Column("worker_pseudonym", sa.String(32), nullable=True))
    op.add_column("writing_sessions", sa.Column("withdrawn_at", keytrail.db.UtcDateTime(), nullable=True))
    op.add_column("writing_sessions", sa.Column("confirmed_at", keytrail.db.UtcDateTime(), nullable=True))
    op.execute(_CONFIRMED)
    # Made anew on SQLite, with foreign keys off (keytrail/schema.py).
    with op.batch_alter_table("writing_sessions", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_constraint(_OLD_UNIQUE, type_="unique")
    op.create_index(
        "ix_writing_sessions_assignment",
        "writing_sessions",
        ["study_id", "assignment_pseudonym", "worker_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.execute(_ONE_EACH)
    op.drop_index("ix_writing_sessions_assignment", table_name="writing_sessions")
    with op.batch_alter_table("writing_sessions", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.create_unique_constraint(_OLD_UNIQUE, ["study_id", "assignment_pseudonym"])
    op.execute("ALTER TABLE writing_sessions DROP COLUMN confirmed_at")
    op.execute("ALTER TABLE writing_sessions DROP COLUMN withdrawn_at")
    op.execute("ALTER TABLE platform_assignments DROP COLUMN worker_pseudonym")
    op.execute("ALTER TABLE studies DROP COLUMN return_after_withdrawal")

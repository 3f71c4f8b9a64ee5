"""rights and budgets: what a user may do in the installation, its budgets, its key check, counted sign-in tries"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import keytrail.db

revision: str = "5d2ab07c91e4"
down_revision: str | None = "5e1a7c42b9d0"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_RIGHTS = ("may_create_studies", "may_spend", "is_operator")
# Whoever has an account keeps what accounts could do until now, but for those who made theirs by an invitation: they
# accepted it in the same moment.
_GIVE = """
UPDATE users SET may_create_studies = true, may_spend = true WHERE NOT EXISTS (
    SELECT 1 FROM audit_entries AS entry
    WHERE entry.user_id = users.id AND entry.action = 'accept invitation' AND entry.at = users.created_at
)
"""
# Mechanical Turk charges dollars whatever a study's page says.
_CURRENCY = """
UPDATE platform_actions SET currency = (
    SELECT CASE WHEN studies.platform = 'mturk' THEN 'USD' ELSE studies.currency END
    FROM studies WHERE studies.id = platform_actions.study_id
)
"""


# Altered in place, as in `review queue and accounts`.
def upgrade() -> None:
    for name in _RIGHTS:
        op.add_column("users", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_GIVE)
    op.add_column("invitations", sa.Column("basis", sa.String(64), nullable=False, server_default=""))
    op.add_column("platform_actions", sa.Column("currency", sa.String(3), nullable=False, server_default="USD"))
    op.execute(_CURRENCY)
    op.create_table(
        "installation_budgets",
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("currency", name="pk_installation_budgets"),
    )
    op.create_table(
        "installation_facts",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_installation_facts"),
    )
    op.drop_index("ix_sign_in_attempts_subject", "sign_in_attempts")
    op.drop_table("sign_in_attempts")
    op.create_table(
        "sign_in_counts",
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("began_at", keytrail.db.UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_sign_in_counts"),
    )
    op.create_index("ix_sign_in_counts_began_at", "sign_in_counts", ["began_at"])


def downgrade() -> None:
    op.drop_index("ix_sign_in_counts_began_at", "sign_in_counts")
    op.drop_table("sign_in_counts")
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("at", keytrail.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_subject", "sign_in_attempts", ["subject", "at"])
    op.drop_table("installation_facts")
    op.drop_table("installation_budgets")
    op.execute("ALTER TABLE platform_actions DROP COLUMN currency")
    op.execute("ALTER TABLE invitations DROP COLUMN basis")
    for name in _RIGHTS:
        op.execute(f"ALTER TABLE users DROP COLUMN {name}")

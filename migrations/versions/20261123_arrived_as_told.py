"""arrived as told: shares are counted in an index that knows whether the log tells"""

from collections.abc import Sequence

from alembic import op

revision: str = "c3d61f08a27e"
down_revision: str | None = "7c90d5e2b134"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NAME, _TABLE = "ix_reports_arrived", "reports"


def upgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, ["study_id", "arrived_share", "verdict"])


def downgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, ["study_id", "arrived_share"])

"""conditions"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import keytrail.db

revision: str = "8e40b6d2f91c"
down_revision: str | None = "2f6b94c7d1e8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


# Altered in place, as in `review queue and accounts`.
def upgrade() -> None:
    op.add_column("studies", sa.Column("conditions", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("writing_sessions", sa.Column("plain_source_at", keytrail.db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE writing_sessions DROP COLUMN plain_source_at")
    op.execute("ALTER TABLE studies DROP COLUMN conditions")

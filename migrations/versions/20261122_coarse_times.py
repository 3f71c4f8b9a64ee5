"""coarse times"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import keytrail.db

revision: str = "b71f0c93de54"
down_revision: str | None = "8e40b6d2f91c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


# Altered in place, as in `review queue and accounts`.
def upgrade() -> None:
    op.add_column("writing_sessions", sa.Column("coarsened_at", keytrail.db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE writing_sessions DROP COLUMN coarsened_at")

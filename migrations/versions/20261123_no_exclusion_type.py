"""no exclusion type: the platform is asked for it by name each time"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c3f2d96b4e81"
down_revision: str | None = "a5c81e3f7b20"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


# Altered in place, as in `review queue and accounts`.
def upgrade() -> None:
    op.execute("ALTER TABLE platform_plans DROP COLUMN exclusion_type_id")


def downgrade() -> None:
    op.add_column("platform_plans", sa.Column("exclusion_type_id", sa.String(128), nullable=True))

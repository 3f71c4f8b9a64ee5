"""judged twice: what two people have judged is found in an index"""

from collections.abc import Sequence

from alembic import op

revision: str = "f09d3c7a61be"
down_revision: str | None = "e18b47d05a92"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NAME, _TABLE = "ix_submissions_counts", "submissions"


def upgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, ["study_id", "verdict", "decision", "reviewers"])


def downgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, ["study_id", "verdict", "decision"])

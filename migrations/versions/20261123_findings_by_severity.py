"""findings by severity: counted in the index alone"""

from collections.abc import Sequence

from alembic import op

revision: str = "e18b47d05a92"
down_revision: str | None = "c3f2d96b4e81"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NAME, _TABLE = "ix_report_findings_rule", "report_findings"


def upgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, ["study_id", "rule", "severity", "submission_id"])


def downgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, ["study_id", "rule", "submission_id"])

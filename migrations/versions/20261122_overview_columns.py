"""overview columns"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "57a1864098c1"
down_revision: str | None = "b3a9d07c52ef"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STUDIES = """
UPDATE report_findings SET study_id = (
    SELECT reports.study_id FROM reports WHERE reports.submission_id = report_findings.submission_id
)
"""


# Altered in place, as in `review queue and accounts`.
def upgrade() -> None:
    op.add_column("report_findings", sa.Column("study_id", sa.Integer(), nullable=False, server_default="0"))
    op.execute(_STUDIES)
    op.drop_index("ix_report_findings_rule", "report_findings")
    op.create_index("ix_report_findings_rule", "report_findings", ["study_id", "rule", "submission_id"])
    op.add_column("reports", sa.Column("duration_ms", sa.BigInteger(), nullable=True))
    op.create_index("ix_reports_arrived", "reports", ["study_id", "arrived_share"])
    op.create_index("ix_reports_duration", "reports", ["study_id", "duration_ms"])
    op.create_index("ix_submissions_days", "submissions", ["study_id", "submitted_at", "verdict"])


def downgrade() -> None:
    op.drop_index("ix_submissions_days", "submissions")
    op.drop_index("ix_reports_duration", "reports")
    op.drop_index("ix_reports_arrived", "reports")
    op.execute("ALTER TABLE reports DROP COLUMN duration_ms")
    op.drop_index("ix_report_findings_rule", "report_findings")
    op.create_index("ix_report_findings_rule", "report_findings", ["rule"])
    op.execute("ALTER TABLE report_findings DROP COLUMN study_id")

"""item and worker of a submission"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a5c81e3f7b20"
down_revision: str | None = "d94be17c06a5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OF_THE_SESSION = """
UPDATE submissions SET
    item_id = (SELECT item_id FROM writing_sessions WHERE writing_sessions.id = submissions.session_id),
    worker_id = (SELECT worker_id FROM writing_sessions WHERE writing_sessions.id = submissions.session_id)
"""


# Altered in place, as in `review queue and accounts`.
def upgrade() -> None:
    for name in ("item_id", "worker_id"):
        op.add_column("submissions", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.execute(_OF_THE_SESSION)
    op.create_index("ix_submissions_item", "submissions", ["study_id", "item_id", "settled", "attention", "id"])
    # The verdict at its end, so that the list of workers is counted in the index alone.
    of_worker = ["study_id", "worker_id", "settled", "attention", "id", "verdict"]
    op.create_index("ix_submissions_worker", "submissions", of_worker)


def downgrade() -> None:
    op.drop_index("ix_submissions_worker", "submissions")
    op.drop_index("ix_submissions_item", "submissions")
    for name in ("worker_id", "item_id"):
        op.execute(f"ALTER TABLE submissions DROP COLUMN {name}")

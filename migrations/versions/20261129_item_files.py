"""item files: further columns of items, and uploads between file and choice of columns"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import keytrail.db

revision: str = "5e1a7c30b9d4"
down_revision: str | None = "c3d61f08a27e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("items", sa.Column("fields", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "item_uploads",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_item_uploads_study_id_studies", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_item_uploads"),
    )
    op.create_index("ix_item_uploads_study_id", "item_uploads", ["study_id"])


def downgrade() -> None:
    op.drop_table("item_uploads")
    op.execute("ALTER TABLE items DROP COLUMN fields")

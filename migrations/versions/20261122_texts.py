"""texts"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import keytrail.db

revision: str = "2f6b94c7d1e8"
down_revision: str | None = "57a1864098c1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "reference_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("by_model", sa.Boolean(), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("prompt", sa.String(length=64), nullable=False),
        sa.Column("temperature", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("text", keytrail.db.BrowserText(), nullable=False),
        sa.Column("usage", sa.JSON(), nullable=False),
        sa.Column("made_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_reference_texts_item_id_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_reference_texts_study_id_studies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_texts")),
        sa.UniqueConstraint(
            "item_id",
            "model",
            "prompt",
            "temperature",
            "number",
            name=op.f("uq_reference_texts_item_id_model_prompt_temperature_number"),
        ),
    )
    op.create_index("ix_reference_texts_study", "reference_texts", ["study_id", "item_id"])
    op.create_table(
        "text_models",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("trained_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_text_models_study_id_studies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_models")),
        sa.UniqueConstraint("study_id", "version", name=op.f("uq_text_models_study_id_version")),
    )
    op.create_table(
        "text_scores",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("model_version", sa.String(length=32), nullable=False),
        sa.Column("scored_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("reads_synthetic", sa.Boolean(), nullable=True),
        sa.Column("trained_on", sa.Boolean(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_text_scores_study_id_studies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_text_scores_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_text_scores")),
    )
    op.create_index("ix_text_scores_study", "text_scores", ["study_id", "outcome"])


def downgrade() -> None:
    op.drop_index("ix_text_scores_study", "text_scores")
    op.drop_table("text_scores")
    op.drop_table("text_models")
    op.drop_index("ix_reference_texts_study", "reference_texts")
    op.drop_table("reference_texts")

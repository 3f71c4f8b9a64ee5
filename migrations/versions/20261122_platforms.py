"""platforms"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import keytrail.db

revision: str = "b3a9d07c52ef"
down_revision: str | None = "5d2f0c1a7b64"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "exclusions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_exclusions_created_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_exclusions_owner_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_exclusions_study_id_studies"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusions")),
        sa.UniqueConstraint("owner_id", "person", name=op.f("uq_exclusions_owner_id_person")),
    )
    op.create_table(
        "platform_assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("clear_id", sa.String(length=128), nullable=True),
        sa.Column("heard_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_platform_assignments_study_id_studies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_assignments")),
        sa.UniqueConstraint("study_id", "pseudonym", name=op.f("uq_platform_assignments_study_id_pseudonym")),
    )
    op.create_table(
        "platform_events",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("received_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_platform_events_study_id_studies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("study_id", "event_id", name=op.f("pk_platform_events")),
    )
    op.create_table(
        "platform_plans",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("budget_cents", sa.Integer(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("exclusion_type_id", sa.String(length=128), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_platform_plans_study_id_studies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_platform_plans")),
    )
    op.create_table(
        "platform_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.Column("group_id", sa.String(length=128), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("place_cents", sa.Integer(), nullable=False),
        sa.Column("expires_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("synced_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_platform_tasks_item_id_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_platform_tasks_study_id_studies"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_tasks")),
        sa.UniqueConstraint("study_id", "external_id", name=op.f("uq_platform_tasks_study_id_external_id")),
    )
    with op.batch_alter_table("platform_tasks", schema=None) as batch_op:
        batch_op.create_index("ix_platform_tasks_item", ["item_id"], unique=False)

    op.create_table(
        "worker_persons",
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_worker_persons_owner_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["workers.id"], name=op.f("fk_worker_persons_worker_id_workers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("worker_id", "owner_id", name=op.f("pk_worker_persons")),
    )
    with op.batch_alter_table("worker_persons", schema=None) as batch_op:
        batch_op.create_index("ix_worker_persons_person", ["owner_id", "person"], unique=False)

    op.create_table(
        "platform_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("fee_cents", sa.Integer(), nullable=False),
        sa.Column("reason", keytrail.db.BrowserText(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("queued_by_id", sa.Integer(), nullable=True),
        sa.Column("queued_at", keytrail.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("sending_since", keytrail.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("first_sent_at", keytrail.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", keytrail.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("external_ref", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_platform_actions_item_id_items"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["queued_by_id"], ["users.id"], name=op.f("fk_platform_actions_queued_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["users.id"], name=op.f("fk_platform_actions_sent_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_platform_actions_study_id_studies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_platform_actions_submission_id_submissions"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["platform_tasks.id"],
            name=op.f("fk_platform_actions_task_id_platform_tasks"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["workers.id"], name=op.f("fk_platform_actions_worker_id_workers"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_actions")),
        sa.UniqueConstraint("token", name=op.f("uq_platform_actions_token")),
    )
    with op.batch_alter_table("platform_actions", schema=None) as batch_op:
        batch_op.create_index("ix_platform_actions_study", ["study_id", "state", "id"], unique=False)
        batch_op.create_index("ix_platform_actions_submission", ["submission_id", "kind"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("platform_actions", schema=None) as batch_op:
        batch_op.drop_index("ix_platform_actions_submission")
        batch_op.drop_index("ix_platform_actions_study")

    op.drop_table("platform_actions")
    with op.batch_alter_table("worker_persons", schema=None) as batch_op:
        batch_op.drop_index("ix_worker_persons_person")

    op.drop_table("worker_persons")
    with op.batch_alter_table("platform_tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_platform_tasks_item")

    op.drop_table("platform_tasks")
    op.drop_table("platform_plans")
    op.drop_table("platform_events")
    op.drop_table("platform_assignments")
    op.drop_table("exclusions")

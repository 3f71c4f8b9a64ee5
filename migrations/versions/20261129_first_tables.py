"""first tables: the schema of version 0.2.0

Column types are written out: a migration stays as it is when keytrail/db.py changes.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0d1f6a2b9c47"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Not in the models: a virtual table and its triggers, and an index on an expression, are of one database each.
# A later migration that makes `submissions` anew in batch mode must make the triggers anew too (a test looks).
_SQLITE = (
    (
        "CREATE VIRTUAL TABLE submission_search USING fts5("
        "text, comment, content='submissions', content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
    ),
    (
        "CREATE TRIGGER submission_search_insert AFTER INSERT ON submissions BEGIN "
        "INSERT INTO submission_search (rowid, text, comment) VALUES (new.id, new.text, new.comment); END"
    ),
    (
        "CREATE TRIGGER submission_search_delete AFTER DELETE ON submissions BEGIN "
        "INSERT INTO submission_search (submission_search, rowid, text, comment) "
        "VALUES ('delete', old.id, old.text, old.comment); END"
    ),
    (
        "CREATE TRIGGER submission_search_update AFTER UPDATE OF text, comment ON submissions BEGIN "
        "INSERT INTO submission_search (submission_search, rowid, text, comment) "
        "VALUES ('delete', old.id, old.text, old.comment); "
        "INSERT INTO submission_search (rowid, text, comment) VALUES (new.id, new.text, new.comment); END"
    ),
)
_SQLITE_UNDO = (
    "DROP TRIGGER submission_search_update",
    "DROP TRIGGER submission_search_delete",
    "DROP TRIGGER submission_search_insert",
    "DROP TABLE submission_search",
)
_POSTGRESQL = (
    (
        "CREATE INDEX submission_search ON submissions "
        "USING gin (to_tsvector('simple'::regconfig, text || ' ' || comment))"
    ),
)


def upgrade() -> None:
    _create_tables()
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for statement in _SQLITE_UNDO if op.get_bind().dialect.name == "sqlite" else ("DROP INDEX submission_search",):
        op.execute(statement)
    _drop_tables()


def _create_tables() -> None:
    op.create_table(
        "installation_budgets",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("currency", name="pk_installation_budgets"),
    )
    op.create_table(
        "installation_facts",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_installation_facts"),
    )
    op.create_table(
        "address_counts",
        sa.Column("network", sa.String(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("network", name="pk_address_counts"),
    )
    op.create_index("ix_address_counts_began_at", "address_counts", ["began_at"], unique=False)
    op.create_table(
        "sign_in_counts",
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_sign_in_counts"),
    )
    op.create_index("ix_sign_in_counts_began_at", "sign_in_counts", ["began_at"], unique=False)
    op.create_table(
        "studies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("minimum_words", sa.Integer(), nullable=False),
        sa.Column("maximum_words", sa.Integer(), nullable=False),
        sa.Column("reward_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("platform_options", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("places_per_item", sa.Integer(), nullable=False),
        sa.Column("reviews_per_submission", sa.Integer(), nullable=False),
        sa.Column("assignment_minutes", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("length_unit", sa.String(length=16), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("ethics_number", sa.String(length=200), nullable=False),
        sa.Column("retention", sa.String(length=200), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=True),
        sa.Column("copy_days", sa.Integer(), nullable=False),
        sa.Column("copy_shows_decision", sa.Boolean(), nullable=False),
        sa.Column("asks_text_origin", sa.Boolean(), nullable=False),
        sa.Column("asks_input_aids", sa.Boolean(), nullable=False),
        sa.Column("asks_copying_exercise", sa.Boolean(), nullable=False),
        sa.Column("asks_model_use", sa.Boolean(), nullable=False),
        sa.Column("return_after_withdrawal", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trial_of_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["trial_of_id"], ["studies.id"], name="fk_studies_trial_of_id_studies", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_studies"),
        sa.UniqueConstraint("slug", name="uq_studies_slug"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_studies_trial_of_id", "studies", ["trial_of_id"], unique=False)
    op.create_table(
        "deleted_spending",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("currency", name="pk_deleted_spending"),
    )
    op.create_table(
        "removals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name="fk_removals_study_id_studies", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_removals"),
    )
    op.create_index("ix_removals_study_id", "removals", ["study_id"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("code_secret", sa.String(length=200), nullable=True),
        sa.Column("code_step", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("may_create_studies", sa.Boolean(), nullable=False),
        sa.Column("may_spend", sa.Boolean(), nullable=False),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_table(
        "provider_accounts",
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_provider_accounts_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_provider_accounts"),
    )
    op.create_index("ix_provider_accounts_user_id", "provider_accounts", ["user_id"], unique=False)
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_api_tokens_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_audit_entries_study_id_studies", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_audit_entries_user_id_users", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_study", "audit_entries", ["study_id", "id"], unique=False)
    op.create_table(
        "exclusions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name="fk_exclusions_created_by_id_users", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_exclusions_owner_id_users", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_exclusions_study_id_studies", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_exclusions"),
        sa.UniqueConstraint("owner_id", "person", name="uq_exclusions_owner_id_person"),
    )
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name="fk_invitations_created_by_id_users", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_invitations_study_id_studies", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_invitations_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_invitations"),
    )
    op.create_table(
        "item_uploads",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_item_uploads_study_id_studies", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_item_uploads"),
    )
    op.create_index("ix_item_uploads_study_id", "item_uploads", ["study_id"], unique=False)
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name="fk_items_study_id_studies", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sa.UniqueConstraint("study_id", "key", name="uq_items_study_id_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_items_name", "items", ["study_id", sa.text("lower(coalesce(nullif(title, ''), key))")], unique=False
    )
    op.create_table(
        "memberships",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_memberships_study_id_studies", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_memberships_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "study_id", name="pk_memberships"),
    )
    op.create_table(
        "platform_assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("worker_pseudonym", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("clear_id", sa.String(length=128), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_platform_assignments_study_id_studies", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_platform_assignments"),
        sa.UniqueConstraint("study_id", "pseudonym", name="uq_platform_assignments_study_id_pseudonym"),
    )
    op.create_table(
        "platform_events",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=128), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_platform_events_study_id_studies", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("study_id", "event_id", name="pk_platform_events"),
        sa.UniqueConstraint("study_id", "signature", name="uq_platform_events_study_id_signature"),
    )
    op.create_table(
        "platform_plans",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("budget_cents", sa.Integer(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_platform_plans_study_id_studies", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("study_id", name="pk_platform_plans"),
    )
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_saved_filters_study_id_studies", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_saved_filters_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filters"),
        sa.UniqueConstraint("user_id", "study_id", "name", name="uq_saved_filters_user_id_study_id_name"),
    )
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sign_ins_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_ins"),
    )
    op.create_table(
        "study_figures",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("worked_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_study_figures_study_id_studies", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_study_figures"),
    )
    op.create_table(
        "text_jobs",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=False),
        sa.Column("own_sessions", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name="fk_text_jobs_study_id_studies", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("study_id", name="pk_text_jobs"),
    )
    op.create_table(
        "text_models",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_text_models_study_id_studies", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_text_models"),
        sa.UniqueConstraint("study_id", "version", name="uq_text_models_study_id_version"),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name="fk_workers_study_id_studies", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
        sa.UniqueConstraint("study_id", "pseudonym", name="uq_workers_study_id_pseudonym"),
    )
    op.create_table(
        "platform_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.Column("group_id", sa.String(length=128), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("place_cents", sa.Integer(), nullable=False),
        sa.Column("quoted_cents", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_platform_tasks_item_id_items", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_platform_tasks_study_id_studies", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_platform_tasks"),
        sa.UniqueConstraint("study_id", "external_id", name="uq_platform_tasks_study_id_external_id"),
    )
    op.create_index("ix_platform_tasks_item", "platform_tasks", ["item_id"], unique=False)
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
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("usage", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_reference_texts_item_id_items", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_reference_texts_study_id_studies", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reference_texts"),
        sa.UniqueConstraint(
            "item_id",
            "model",
            "prompt",
            "temperature",
            "number",
            name="uq_reference_texts_item_id_model_prompt_temperature_number",
        ),
    )
    op.create_index("ix_reference_texts_study", "reference_texts", ["study_id", "item_id"], unique=False)
    op.create_table(
        "worker_identities",
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("platform_worker_id", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["workers.id"], name="fk_worker_identities_worker_id_workers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("worker_id", name="pk_worker_identities"),
    )
    op.create_table(
        "worker_persons",
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name="fk_worker_persons_owner_id_users", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["workers.id"], name="fk_worker_persons_worker_id_workers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("worker_id", "owner_id", name="pk_worker_persons"),
    )
    op.create_index("ix_worker_persons_person", "worker_persons", ["owner_id", "person"], unique=False)
    op.create_table(
        "writing_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("assignment_pseudonym", sa.String(length=32), nullable=False),
        sa.Column("condition", sa.String(length=64), nullable=True),
        sa.Column("page_rules", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plain_source_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("coarsened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("masked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_writing_sessions_item_id_items"),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_writing_sessions_study_id_studies", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_writing_sessions_worker_id_workers"),
        sa.PrimaryKeyConstraint("id", name="pk_writing_sessions"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_writing_sessions_assignment",
        "writing_sessions",
        ["study_id", "assignment_pseudonym", "worker_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'returned'"),
        postgresql_where=sa.text("state <> 'returned'"),
    )
    op.create_index("ix_writing_sessions_places", "writing_sessions", ["item_id", "state"], unique=False)
    op.create_index(
        "ix_writing_sessions_stamps", "writing_sessions", ["study_id", "state", "expires_at", "stamp"], unique=False
    )
    op.create_index("ix_writing_sessions_worker", "writing_sessions", ["worker_id"], unique=False)
    op.create_table(
        "assignment_identities",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.String(length=128), nullable=False),
        sa.Column("task_id", sa.String(length=128), nullable=True),
        sa.Column("submit_origin", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["writing_sessions.id"],
            name="fk_assignment_identities_session_id_writing_sessions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name="pk_assignment_identities"),
    )
    op.create_table(
        "epochs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("format", sa.String(length=16), nullable=False),
        sa.Column("next_seq", sa.Integer(), nullable=False),
        sa.Column("reached_seq", sa.Integer(), nullable=False),
        sa.Column("batches", sa.Integer(), nullable=False),
        sa.Column("last_link", sa.LargeBinary(), nullable=False),
        sa.Column("stored_bytes", sa.Integer(), nullable=False),
        sa.Column("conflicting_batches", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("plain_bytes", sa.Integer(), nullable=False),
        sa.Column("cut_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["writing_sessions.id"], name="fk_epochs_session_id_writing_sessions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_epochs"),
        sa.UniqueConstraint("session_id", "number", name="uq_epochs_session_id_number"),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(length=64), nullable=True),
        sa.Column("epoch_number", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("log_complete", sa.Boolean(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("attention", sa.Float(), nullable=False),
        sa.Column("arrived_share", sa.Float(), nullable=True),
        sa.Column("duration_ms", sa.BigInteger(), nullable=True),
        sa.Column("decision", sa.String(length=32), nullable=True),
        sa.Column("reviewers", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("objected", sa.Boolean(), nullable=False),
        sa.Column("claimed_by_id", sa.Integer(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["writing_sessions.id"],
            name="fk_submissions_session_id_writing_sessions",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_submissions_study_id_studies", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.UniqueConstraint("public_id", name="uq_submissions_public_id"),
        sa.UniqueConstraint("session_id", name="uq_submissions_session_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_submissions_arrived",
        "submissions",
        ["study_id", "arrived_share", "id", "settled", "verdict"],
        unique=False,
    )
    op.create_index(
        "ix_submissions_condition",
        "submissions",
        ["study_id", "condition", "verdict", "arrived_share", "words", "duration_ms"],
        unique=False,
    )
    op.create_index("ix_submissions_duration", "submissions", ["study_id", "duration_ms"], unique=False)
    op.create_index(
        "ix_submissions_counts",
        "submissions",
        ["study_id", "verdict", "decision", "settled", "reviewers"],
        unique=False,
    )
    op.create_index("ix_submissions_days", "submissions", ["study_id", "submitted_at", "verdict"], unique=False)
    op.create_index("ix_submissions_verdict_days", "submissions", ["study_id", "verdict", "submitted_at"], unique=False)
    op.create_index(
        "ix_submissions_item", "submissions", ["study_id", "item_id", "settled", "attention", "id"], unique=False
    )
    op.create_index(
        "ix_submissions_objected",
        "submissions",
        ["study_id", "id"],
        unique=False,
        sqlite_where=sa.text("objected = 1"),
        postgresql_where=sa.text("objected"),
    )
    op.create_index("ix_submissions_queue", "submissions", ["study_id", "settled", "attention", "id"], unique=False)
    op.create_index("ix_submissions_study_newest", "submissions", ["study_id", "id"], unique=False)
    op.create_index(
        "ix_submissions_unanalysed",
        "submissions",
        ["submitted_at"],
        unique=False,
        sqlite_where=sa.text("verdict IS NULL"),
        postgresql_where=sa.text("verdict IS NULL"),
    )
    op.create_index(
        "ix_submissions_words",
        "submissions",
        ["study_id", "words", "id", "settled", "verdict"],
        unique=False,
    )
    op.create_index(
        "ix_submissions_worker",
        "submissions",
        ["study_id", "worker_id", "settled", "attention", "id", "verdict", "arrived_share"],
        unique=False,
    )
    op.create_table(
        "across_findings",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_across_findings_study_id_studies", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name="fk_across_findings_submission_id_submissions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", "rule", name="pk_across_findings"),
    )
    op.create_index("ix_across_findings_study", "across_findings", ["study_id"], unique=False)
    op.create_table(
        "analysis_failures",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name="fk_analysis_failures_submission_id_submissions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_analysis_failures"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("verdict_seen", sa.String(length=16), nullable=True),
        sa.Column("analysis_version_seen", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_decisions_submission_id_submissions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_decisions_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_submission", "decisions", ["submission_id", "id"], unique=False)
    op.create_index("ix_decisions_user", "decisions", ["user_id", "submission_id"], unique=False)
    op.create_table(
        "event_batches",
        sa.Column("epoch_id", sa.Integer(), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["epoch_id"], ["epochs.id"], name="fk_event_batches_epoch_id_epochs", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("epoch_id", "first_seq", name="pk_event_batches"),
    )
    op.create_table(
        "log_marks",
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_log_marks_submission_id_submissions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mark", "submission_id", name="pk_log_marks"),
    )
    op.create_index("ix_log_marks_submission_id", "log_marks", ["submission_id"], unique=False)
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
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("queued_by_id", sa.Integer(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("sending_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("external_ref", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name="fk_platform_actions_item_id_items", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["queued_by_id"], ["users.id"], name="fk_platform_actions_queued_by_id_users", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["users.id"], name="fk_platform_actions_sent_by_id_users", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_platform_actions_study_id_studies", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name="fk_platform_actions_submission_id_submissions",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["platform_tasks.id"], name="fk_platform_actions_task_id_platform_tasks", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["workers.id"], name="fk_platform_actions_worker_id_workers", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_platform_actions"),
        sa.UniqueConstraint("token", name="uq_platform_actions_token"),
    )
    op.create_index("ix_platform_actions_study", "platform_actions", ["study_id", "state", "id"], unique=False)
    op.create_index("ix_platform_actions_submission", "platform_actions", ["submission_id", "kind"], unique=False)
    op.create_table(
        "reports",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("analysis_version", sa.String(length=32), nullable=False),
        sa.Column("analysed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("arrived_share", sa.Float(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name="fk_reports_study_id_studies", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_reports_submission_id_submissions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_reports"),
    )
    op.create_index("ix_reports_study_verdict_score", "reports", ["study_id", "verdict", "score"], unique=False)
    op.create_table(
        "objections",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["users.id"], name="fk_objections_answered_by_id_users"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_objections_submission_id_submissions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_objections"),
    )
    op.create_table(
        "worker_statements",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("text_origins", sa.JSON(), nullable=False),
        sa.Column("input_aids", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name="fk_worker_statements_submission_id_submissions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_worker_statements"),
    )
    op.create_table(
        "copying_exercises",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["writing_sessions.id"],
            name="fk_copying_exercises_session_id_writing_sessions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name="pk_copying_exercises"),
    )
    op.create_table(
        "self_reports",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("model_use", sa.String(length=16), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_self_reports_submission_id_submissions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_self_reports"),
    )
    op.create_table(
        "text_scores",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("model_version", sa.String(length=32), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("reads_synthetic", sa.Boolean(), nullable=True),
        sa.Column("trained_on", sa.Boolean(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_text_scores_study_id_studies", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_text_scores_submission_id_submissions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_text_scores"),
    )
    op.create_index("ix_text_scores_stamps", "text_scores", ["study_id", "stamp"], unique=False)
    op.create_index("ix_text_scores_study", "text_scores", ["study_id", "outcome"], unique=False)
    op.create_table(
        "report_figures",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("external_share", sa.Float(), nullable=False),
        sa.Column("source_share", sa.Float(), nullable=False),
        sa.Column("accounted_share", sa.Float(), nullable=False),
        sa.Column("pastes", sa.Integer(), nullable=True),
        sa.Column("pastes_prevented", sa.Integer(), nullable=False),
        sa.Column("copies_prevented", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["reports.submission_id"],
            name="fk_report_figures_submission_id_reports",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_report_figures"),
    )
    op.create_index("ix_report_figures_stamps", "report_figures", ["study_id", "stamp"], unique=False)
    op.create_table(
        "report_findings",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["reports.submission_id"],
            name="fk_report_findings_submission_id_reports",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", "rule", name="pk_report_findings"),
    )
    op.create_index(
        "ix_report_findings_rule", "report_findings", ["study_id", "rule", "severity", "submission_id"], unique=False
    )
    op.create_table(
        "notification_targets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("flagged_percent", sa.Integer(), nullable=False),
        sa.Column("budget_percent", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["users.id"], name="fk_notification_targets_added_by_id_users", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_notification_targets_study_id_studies", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_notification_targets_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notification_targets"),
    )
    op.create_index("ix_notification_targets_study_id", "notification_targets", ["study_id"], unique=False)
    op.create_table(
        "scheduled_jobs",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_scheduled_jobs_study_id_studies", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("name", name="pk_scheduled_jobs"),
    )
    op.create_index("ix_scheduled_jobs_study_id", "scheduled_jobs", ["study_id"], unique=False)
    op.create_table(
        "notification_latches",
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["notification_targets.id"],
            name="fk_notification_latches_target_id_notification_targets",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("target_id", "kind", name="pk_notification_latches"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name="fk_deliveries_study_id_studies", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["notification_targets.id"],
            name="fk_deliveries_target_id_notification_targets",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_deliveries_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("message_id", name="uq_deliveries_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_due", "deliveries", ["state", "next_try_at"], unique=False)
    op.create_index("ix_deliveries_study", "deliveries", ["study_id", "id"], unique=False)


def _drop_tables() -> None:
    op.drop_index("ix_deliveries_study", table_name="deliveries")
    op.drop_index("ix_deliveries_due", table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_table("notification_latches")
    op.drop_index("ix_scheduled_jobs_study_id", table_name="scheduled_jobs")
    op.drop_table("scheduled_jobs")
    op.drop_index("ix_notification_targets_study_id", table_name="notification_targets")
    op.drop_table("notification_targets")
    op.drop_index("ix_removals_study_id", table_name="removals")
    op.drop_table("removals")
    op.drop_table("deleted_spending")
    op.drop_index("ix_report_findings_rule", table_name="report_findings")
    op.drop_table("report_findings")
    op.drop_index("ix_report_figures_stamps", table_name="report_figures")
    op.drop_table("report_figures")
    op.drop_index("ix_text_scores_study", table_name="text_scores")
    op.drop_index("ix_text_scores_stamps", table_name="text_scores")
    op.drop_table("text_scores")
    op.drop_table("self_reports")
    op.drop_table("copying_exercises")
    op.drop_table("worker_statements")
    op.drop_table("objections")
    op.drop_index("ix_reports_study_verdict_score", table_name="reports")
    op.drop_table("reports")
    op.drop_index("ix_platform_actions_submission", table_name="platform_actions")
    op.drop_index("ix_platform_actions_study", table_name="platform_actions")
    op.drop_table("platform_actions")
    op.drop_index("ix_log_marks_submission_id", table_name="log_marks")
    op.drop_table("log_marks")
    op.drop_table("event_batches")
    op.drop_index("ix_decisions_user", table_name="decisions")
    op.drop_index("ix_decisions_submission", table_name="decisions")
    op.drop_table("decisions")
    op.drop_table("analysis_failures")
    op.drop_index("ix_across_findings_study", table_name="across_findings")
    op.drop_table("across_findings")
    op.drop_index("ix_submissions_worker", table_name="submissions")
    op.drop_index("ix_submissions_words", table_name="submissions")
    op.drop_index("ix_submissions_verdict_days", table_name="submissions")
    op.drop_index(
        "ix_submissions_unanalysed",
        table_name="submissions",
        sqlite_where=sa.text("verdict IS NULL"),
        postgresql_where=sa.text("verdict IS NULL"),
    )
    op.drop_index("ix_submissions_study_newest", table_name="submissions")
    op.drop_index("ix_submissions_queue", table_name="submissions")
    op.drop_index(
        "ix_submissions_objected",
        table_name="submissions",
        sqlite_where=sa.text("objected = 1"),
        postgresql_where=sa.text("objected"),
    )
    op.drop_index("ix_submissions_item", table_name="submissions")
    op.drop_index("ix_submissions_duration", table_name="submissions")
    op.drop_index("ix_submissions_days", table_name="submissions")
    op.drop_index("ix_submissions_counts", table_name="submissions")
    op.drop_index("ix_submissions_condition", table_name="submissions")
    op.drop_index("ix_submissions_arrived", table_name="submissions")
    op.drop_table("submissions")
    op.drop_table("epochs")
    op.drop_table("assignment_identities")
    op.drop_index("ix_writing_sessions_worker", table_name="writing_sessions")
    op.drop_index("ix_writing_sessions_stamps", table_name="writing_sessions")
    op.drop_index("ix_writing_sessions_places", table_name="writing_sessions")
    op.drop_index(
        "ix_writing_sessions_assignment",
        table_name="writing_sessions",
        sqlite_where=sa.text("state <> 'returned'"),
        postgresql_where=sa.text("state <> 'returned'"),
    )
    op.drop_table("writing_sessions")
    op.drop_index("ix_worker_persons_person", table_name="worker_persons")
    op.drop_table("worker_persons")
    op.drop_table("worker_identities")
    op.drop_index("ix_reference_texts_study", table_name="reference_texts")
    op.drop_table("reference_texts")
    op.drop_index("ix_platform_tasks_item", table_name="platform_tasks")
    op.drop_table("platform_tasks")
    op.drop_table("workers")
    op.drop_table("text_models")
    op.drop_table("text_jobs")
    op.drop_table("study_figures")
    op.drop_table("sign_ins")
    op.drop_table("saved_filters")
    op.drop_table("platform_plans")
    op.drop_table("platform_events")
    op.drop_table("platform_assignments")
    op.drop_table("memberships")
    op.drop_table("items")
    op.drop_index("ix_item_uploads_study_id", table_name="item_uploads")
    op.drop_table("item_uploads")
    op.drop_table("invitations")
    op.drop_table("exclusions")
    op.drop_index("ix_audit_entries_study", table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_table("api_tokens")
    op.drop_index("ix_provider_accounts_user_id", table_name="provider_accounts")
    op.drop_table("provider_accounts")
    op.drop_table("users")
    op.drop_index("ix_studies_trial_of_id", table_name="studies")
    op.drop_table("studies")
    op.drop_index("ix_sign_in_counts_began_at", table_name="sign_in_counts")
    op.drop_table("sign_in_counts")
    op.drop_index("ix_address_counts_began_at", table_name="address_counts")
    op.drop_table("address_counts")
    op.drop_table("installation_facts")
    op.drop_table("installation_budgets")

"""search"""

from collections.abc import Sequence

from alembic import op

revision: str = "5d2f0c1a7b64"
down_revision: str | None = "e17bd9cd128a"
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
    "INSERT INTO submission_search (submission_search) VALUES ('rebuild')",
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
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for statement in _SQLITE_UNDO if op.get_bind().dialect.name == "sqlite" else ("DROP INDEX submission_search",):
        op.execute(statement)

"""Copy one database into another, for example to move from SQLite to PostgreSQL or back."""

from keytrail.db import Database
from keytrail.operations.backup.restoring import in_groups, require_empty
from keytrail.operations.backup.rows import last_ids, moment_of, rows_of, set_last_ids, store_rows, tables


def copy_rows(source: Database, target: Database) -> dict[str, int]:
    """Copy the rows of one moment in one transaction. Return the number of rows by table.

    Both databases must have the newest schema. Raises Conflict if the target is not empty.
    """
    counts = {}
    with moment_of(source.engine) as here, target.appending() as there:
        require_empty(there)
        for table in tables():
            counts[table.name] = 0
            for group in in_groups(rows_of(here, table)):
                store_rows(there, table, group)
                counts[table.name] += len(group)
        set_last_ids(there, last_ids(here))
    return counts

"""Read items from files and add them to a study, all or none."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from keytrail.errors import ImportFailed
from keytrail.models import Item, Study
from keytrail.studies.item_files import AS_GUESSED, FileChoices, ItemRow, SheetTable, read_table, rows_of
from keytrail.studies.item_files.columns import checked_mapping
from keytrail.text_files import unreadable


def read_items(path: Path) -> list[ItemRow]:
    """Read the items of a file whose columns have well-known names. Raises ImportFailed that lists every bad row."""
    table = read_item_file(path)
    return rows_of(table, checked_mapping(table.columns, None, None, None))


def read_item_file(path: Path, choices: FileChoices = AS_GUESSED) -> SheetTable:
    """Read the table in a file. Raises ImportFailed."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from None
    return read_table(content, path.name, choices)


def item_keys(db: Session, study: Study) -> set[str]:
    """Return the ids of a study's items."""
    return set(db.scalars(select(Item.key).where(Item.study_id == study.id)))


def add_items(db: Session, study: Study, rows: Sequence[ItemRow]) -> int:
    """Add all rows to a study and return how many. Raises ImportFailed if an id exists already."""
    keys = item_keys(db, study)
    taken = [row.key for row in rows if row.key in keys]
    if taken:
        problems = [f"id {key!r} is in the study already. Give the row another id or remove it." for key in taken]
        raise ImportFailed("Nothing was imported: some ids are in the study already.", problems)
    made = [{"study_id": study.id, "key": r.key, "title": r.title, "text": r.text, "fields": r.fields} for r in rows]
    if made:
        # Not as objects: 100,000 of them would keep others from writing several times as long.
        db.execute(insert(Item), made)
    return len(rows)

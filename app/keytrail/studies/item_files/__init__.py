"""Read item files of any common format: formats and encodings (reading), headers (columns), rows (rows)."""

from keytrail.studies.item_files.columns import ColumnMapping, guess_mapping
from keytrail.studies.item_files.encoding import LEGACY_ENCODINGS
from keytrail.studies.item_files.rows import ItemRow, rows_of
from keytrail.studies.item_files.table import AS_GUESSED, FileChoices, SheetTable, read_table

__all__ = [
    "AS_GUESSED",
    "LEGACY_ENCODINGS",
    "ColumnMapping",
    "FileChoices",
    "ItemRow",
    "SheetTable",
    "guess_mapping",
    "read_table",
    "rows_of",
]

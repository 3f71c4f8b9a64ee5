"""Read item files of any common format: formats and encodings (reading), headers (columns), rows (rows)."""

from keytrail.studies.item_files.columns import ColumnMapping, guess_mapping
from keytrail.studies.item_files.rows import ItemRow, rows_of
from keytrail.studies.item_files.table import SheetTable, read_table

__all__ = ["ColumnMapping", "ItemRow", "SheetTable", "guess_mapping", "read_table", "rows_of"]

"""Write the codebook (the meaning of every column of every file) and a script that loads the files."""

from collections.abc import Sequence
from pprint import pformat
from typing import Any

from keytrail.exports.columns import Table
from keytrail.exports.loader_script import LOADER

_HEAD = """\
# Codebook

Written by Keytrail for the study “{study}”. Tables are joined by `submission`, items by `item`.

- Missing values are empty in CSV, `null` in JSON Lines, and null in Parquet.
- Times are UTC in ISO 8601. Positions and lengths of text count UTF-16 code units, as browsers do.
- CSV and Parquet show what UTF-8 cannot hold (lone surrogates, NUL) as U+FFFD; JSON Lines is exact.
- Columns of type JSON hold JSON text in CSV and Parquet, and values in JSON Lines.
- Workers are pseudonyms made with a secret key; reviewers are numbers.
- Texts are what workers wrote. For a spreadsheet take the format “Excel workbook”: there every text is a text, never a
  formula or a number. Texts over 32,767 characters are cut with a mark there, as Excel holds no more.
"""


def codebook(study: str, tables: Sequence[Table[Any]]) -> str:
    """Return the codebook in Markdown."""
    return "\n".join([_HEAD.format(study=study), *(_section(table) for table in tables)])


def _section(table: Table[Any]) -> str:
    lines = [f"## {table.name}", "", table.meaning, "", "| column | type | meaning |", "|---|---|---|"]
    lines += [f"| `{c.name}` | {c.kind} | {c.meaning.replace('|', chr(92) + '|')} |" for c in table.columns]
    return "\n".join([*lines, ""])


def loader(tables: Sequence[Table[Any]]) -> str:
    """Return the script, with the type of every column of the tables."""
    types = {table.name: {column.name: str(column.kind) for column in table.columns} for table in tables}
    return LOADER.format(types=pformat(types, sort_dicts=False, width=110))

"""What every column of every file means, and a script that loads them."""

from collections.abc import Sequence
from typing import Any

from keytrail.exports.columns import Table

_HEAD = """\
# Codebook

Written by Keytrail for the study “{study}”. Tables are joined by `submission`, items by `item`.

- Missing values are empty in CSV, `null` in JSON Lines, and null in Parquet.
- Times are UTC in ISO 8601. Positions and lengths of text count UTF-16 code units, as browsers do.
- CSV and Parquet show what UTF-8 cannot hold (lone surrogates, NUL) as U+FFFD; JSON Lines is exact.
- Columns of type JSON hold JSON text in CSV and Parquet, and values in JSON Lines.
- Workers are pseudonyms made with a secret key; reviewers are numbers.
- Texts are what workers wrote. A spreadsheet may take one that begins with = for a formula: import columns as text.
"""


def codebook(study: str, tables: Sequence[Table[Any]]) -> str:
    """The codebook in Markdown."""
    return "\n".join([_HEAD.format(study=study), *(_section(table) for table in tables)])


def _section(table: Table[Any]) -> str:
    lines = [f"## {table.name}", "", table.meaning, "", "| column | type | meaning |", "|---|---|---|"]
    lines += [f"| `{c.name}` | {c.kind} | {c.meaning.replace('|', chr(92) + '|')} |" for c in table.columns]
    return "\n".join([*lines, ""])


LOADER = '''\
"""Load an export of Keytrail with pandas or polars: python load.py [FOLDER]

The folder holds submissions.csv, .jsonl or .parquet and whatever other tables you downloaded.
"""

import json
import sys
from pathlib import Path

JSON_COLUMNS = {json_columns}
TIME_COLUMNS = {time_columns}


def load_pandas(folder):
    """Every table as a pandas data frame, by name."""
    import pandas as pd

    frames = {{}}
    for path in sorted(Path(folder).iterdir()):
        if path.suffix == ".csv":
            # Text stays text: an answer "NA" or "1e5" is no missing value and no number.
            frame = pd.read_csv(path, keep_default_na=False, na_values={{}}, low_memory=False)
        elif path.suffix == ".jsonl":
            frame = pd.read_json(path, lines=True, convert_dates=False, dtype=False)
        elif path.suffix == ".parquet":
            frame = pd.read_parquet(path)
        else:
            continue
        for name in TIME_COLUMNS & set(frame.columns):
            frame[name] = pd.to_datetime(frame[name].replace("", None), utc=True, format="ISO8601")
        for name in JSON_COLUMNS & set(frame.columns):
            frame[name] = [json.loads(value) if isinstance(value, str) and value else value for value in frame[name]]
        frames[path.stem] = frame
    return frames


def load_polars(folder):
    """Every table as a polars data frame, by name. JSON columns stay text; see polars' str.json_decode."""
    import polars as pl

    read = {{
        ".csv": lambda path: pl.read_csv(path, infer_schema_length=None, try_parse_dates=True),
        ".jsonl": lambda path: pl.read_ndjson(path, infer_schema_length=None),
        ".parquet": pl.read_parquet,
    }}
    return {{path.stem: read[path.suffix](path) for path in sorted(Path(folder).iterdir()) if path.suffix in read}}


if __name__ == "__main__":
    for name, frame in load_pandas(sys.argv[1] if len(sys.argv) > 1 else ".").items():
        print(f"{{name}}: {{len(frame)}} rows, columns {{', '.join(map(str, frame.columns))}}")
'''


def loader(tables: Sequence[Table[Any]]) -> str:
    """The script, with the names of the columns that need care."""
    return LOADER.format(
        json_columns=_names(tables, "JSON"),
        time_columns=_names(tables, "time, UTC"),
    )


def _names(tables: Sequence[Table[Any]], kind: str) -> str:
    names = sorted({column.name for table in tables for column in table.columns if column.kind == kind})
    return "{" + ", ".join(f'"{name}"' for name in names) + "}"

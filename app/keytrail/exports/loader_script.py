"""The script that loads an export with pandas or polars; `codebook.loader` fills in the types."""

LOADER = '''\
"""Load an export of Keytrail with pandas or polars: python load.py [FOLDER]

The folder holds submissions.csv, .jsonl or .parquet and whatever other tables you downloaded.
Columns get the types of the codebook: ids and texts stay text ("001", "NA" and "1e5" are what they say),
missing values are missing.
"""

import json
import sys
from pathlib import Path

TYPES = {types}


def types_of(path):
    """Types by column of the table that a file holds; a file may be named my-study-submissions.csv."""
    for name, types in TYPES.items():
        if path.stem == name or path.stem.endswith("-" + name):
            return name, types
    return path.stem, {{}}


def files(folder):
    """Path, table name and types of every data file of a folder."""
    for path in sorted(Path(folder).iterdir()):
        if path.suffix in {{".csv", ".jsonl", ".parquet"}}:
            yield (path, *types_of(path))


def read_json_lines(path):
    """The rows of a JSON Lines file. Half characters, which data frames cannot hold, become U+FFFD."""

    def whole(value):
        if not isinstance(value, str):
            return value
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    with path.open(encoding="utf-8-sig") as lines:
        return [{{name: whole(value) for name, value in json.loads(line).items()}} for line in lines]


def load_pandas(folder):
    """Every table as a pandas data frame, by name."""
    import pandas as pd

    def converted(values, kind):
        if kind == "JSON":
            return [json.loads(value) if isinstance(value, str) and value else value or None for value in values]
        values = values.astype(object).where(values.notna() & (values != ""), None)
        if kind == "whole number":
            return pd.to_numeric(values).astype("Int64")
        if kind == "number":
            return pd.to_numeric(values).astype("Float64")
        if kind == "true or false":
            return values.map({{"true": True, "false": False, True: True, False: False}}).astype("boolean")
        if kind == "time, UTC":
            return pd.to_datetime(values, utc=True, format="ISO8601")
        return values.astype("string")

    frames = {{}}
    for path, name, types in files(folder):
        if path.suffix == ".csv":
            frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        elif path.suffix == ".jsonl":
            frame = pd.DataFrame(read_json_lines(path), columns=list(types) or None, dtype=object)
        else:
            frame = pd.read_parquet(path)
        for column in frame.columns:
            if path.suffix != ".jsonl" or types.get(column) != "JSON":
                frame[column] = converted(frame[column], types.get(column, "text"))
        frames[name] = frame
    return frames


def load_polars(folder):
    """Every table as a polars data frame, by name. JSON columns stay text; see polars' str.json_decode."""
    import polars as pl

    dtypes = {{
        "text": pl.String,
        "JSON": pl.String,
        "whole number": pl.Int64,
        "number": pl.Float64,
        "true or false": pl.Boolean,
        "time, UTC": pl.Datetime("us", "UTC"),
    }}

    def cell(value, kind):
        if kind == "JSON" and value is not None:
            return json.dumps(value)
        return float(value) if kind == "number" and value is not None else value

    def times(frame, types):
        columns = [name for name in frame.columns if types.get(name) == "time, UTC" and frame[name].dtype == pl.String]
        return frame.with_columns(pl.col(name).str.to_datetime(time_unit="us", time_zone="UTC") for name in columns)

    frames = {{}}
    for path, name, types in files(folder):
        # Times are read as text first: their fractions of a second may be missing.
        schema = {{column: pl.String if kind == "time, UTC" else dtypes[kind] for column, kind in types.items()}}
        if path.suffix == ".csv":
            frame = pl.read_csv(path, infer_schema=False, schema_overrides=schema)
        elif path.suffix == ".jsonl":
            rows = read_json_lines(path)
            values = {{column: [cell(row.get(column), kind) for row in rows] for column, kind in types.items()}}
            frame = pl.DataFrame(values, schema=schema)
        else:
            frame = pl.read_parquet(path)
        frames[name] = times(frame, types)
    return frames


if __name__ == "__main__":
    loaded = load_pandas(sys.argv[1] if len(sys.argv) > 1 else ".")
    if not loaded:
        sys.exit("No tables here: put the .csv, .jsonl or .parquet files of the export into this folder.")
    for name, frame in loaded.items():
        print(f"{{name}}: {{len(frame)}} rows, columns {{', '.join(map(str, frame.columns))}}")
'''

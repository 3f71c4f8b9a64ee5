"""Read JSON Lines, or one JSON list of objects."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from keytrail.errors import ImportFailed
from keytrail.provenance.formatting import count
from keytrail.studies.item_files.raw import RawTable


def read_json(text: str, name: str) -> RawTable:
    """Read objects as rows; their keys become the columns. Raises ImportFailed that lists every bad line."""
    objects: list[tuple[int, dict[str, Any]]] = []
    problems: list[str] = []
    for line, value in _values(text):
        if isinstance(value, dict):
            objects.append((line, value))
        else:
            problems.append(f"line {line}: {value if isinstance(value, str) else 'not an object'}")
    if problems:
        raise ImportFailed(f"Nothing was imported from {name}: {count(len(problems), 'bad line')}.", problems)
    columns = tuple(dict.fromkeys(str(key) for _, row in objects for key in row))
    rows = tuple((line, tuple(_cell(row.get(column)) for column in columns)) for line, row in objects)
    return RawTable("JSON", columns, rows)


def _values(text: str) -> Iterator[tuple[int, Any]]:
    if text.lstrip().startswith("["):
        with suppress(ValueError, RecursionError):
            yield from enumerate(json.loads(text), start=1)
            return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, f"not JSON: {error}"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

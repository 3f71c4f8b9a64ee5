"""Read JSON Lines, one JSON list of objects, or an object with such a list."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from keytrail.errors import ImportFailed
from keytrail.studies.item_files.raw import RawTable, refuse_sparse
from keytrail.text_files import not_json


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
        from keytrail.provenance.formatting import count  # noqa: PLC0415 -- loads the analysis, for this sentence alone

        raise ImportFailed(f"Nothing was imported from {name}: {count(len(problems), 'bad line')}.", problems)
    columns = tuple(dict.fromkeys(str(key) for _, row in objects for key in row))
    refuse_sparse(len(objects), len(columns), name)
    rows = tuple((line, tuple(_cell(row.get(column)) for column in columns)) for line, row in objects)
    return RawTable("JSON", columns, rows)


def _values(text: str) -> Iterator[tuple[int, Any]]:
    with suppress(ValueError, RecursionError):
        yield from enumerate(_list_in(json.loads(text)), start=1)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                yield number, not_json(error)
            except RecursionError:
                yield number, "its lists are nested too deeply"


def _list_in(whole: Any) -> list[Any]:
    """The list in a file of one JSON value: the value, or the only list of an object, as web APIs answer."""
    if isinstance(whole, list):
        return whole
    lists = [value for value in whole.values() if isinstance(value, list)] if isinstance(whole, dict) else []
    return lists[0] if len(lists) == 1 and all(isinstance(value, dict) for value in lists[0]) else [whole]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

"""Items from files: all rows or none."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import ImportFailed
from keytrail.models import Item, Study

_MAX_TEXT = 100_000
_MAX_KEY = 128


@dataclass(frozen=True)
class ItemRow:
    """One source text as a file gives it."""

    key: str
    text: str
    title: str = ""


def read_items(path: Path) -> list[ItemRow]:
    """Rows of a CSV (header with `id` and `text`, optional `title`) or JSON Lines file (the same keys).

    Raises ImportFailed that lists every bad row with its line number.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ImportFailed(f"{path} cannot be read as UTF-8 text: {error}.", [str(error)]) from None
    return parse_items(content, jsonl=path.suffix.lower() in {".jsonl", ".ndjson", ".json"}, name=path.name)


def parse_items(content: str, *, jsonl: bool, name: str) -> list[ItemRow]:
    """As `read_items`, from text already in memory."""
    rows: list[ItemRow] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for line, raw in _jsonl(content) if jsonl else _csv(content):
        problem = raw if isinstance(raw, str) else _problem(raw, seen)
        if problem:
            problems.append(f"line {line}: {problem}")
        elif isinstance(raw, dict):
            seen[raw["id"].strip()] = line
            rows.append(ItemRow(key=raw["id"].strip(), text=_lf(raw["text"]), title=str(raw.get("title") or "")[:300]))
    if not rows and not problems:
        problems.append("line 1: the file holds no items")
    if problems:
        raise ImportFailed(f"Nothing was imported from {name}: {len(problems)} bad row(s).", problems)
    return rows


def add_items(db: Session, study: Study, rows: Sequence[ItemRow]) -> int:
    """Add all rows to a study and return how many. Raises ImportFailed if an id is there already."""
    keys = set(db.scalars(select(Item.key).where(Item.study_id == study.id)))
    taken = [row.key for row in rows if row.key in keys]
    if taken:
        problems = [f"id {key!r} is in the study already" for key in taken]
        raise ImportFailed("Nothing was imported: some ids are in the study already.", problems)
    db.add_all(Item(study_id=study.id, key=row.key, title=row.title, text=row.text) for row in rows)
    return len(rows)


def _lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _problem(raw: dict[str, Any], seen: dict[str, int]) -> str | None:
    for field in ("id", "text"):
        if not isinstance(raw.get(field), str) or not raw[field].strip():
            return f"'{field}' is missing or empty"
    key = raw["id"].strip()
    if len(key) > _MAX_KEY:
        return f"'id' is longer than {_MAX_KEY} characters"
    if key in seen:
        return f"id {key!r} stands on line {seen[key]} already"
    if not (key + str(raw.get("title") or "")).isprintable():
        return "'id' or 'title' has characters that cannot be shown"
    if len(raw["text"]) > _MAX_TEXT:
        return f"'text' is longer than {_MAX_TEXT} characters"
    return None


def _csv(content: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    reader = csv.DictReader(io.StringIO(content), strict=True)
    header = set(reader.fieldnames or ())
    if not {"id", "text"} <= header:
        yield 1, "the header needs the columns 'id' and 'text'"
        return
    try:
        for row in reader:
            yield reader.line_num, "more cells than the header has" if None in row else row
    except csv.Error as error:
        yield reader.line_num, f"not CSV: {error}"


def _jsonl(content: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            yield number, f"not JSON: {error}"
            continue
        if isinstance(row, dict) and isinstance(row.get("id"), int) and not isinstance(row["id"], bool):
            row = {**row, "id": str(row["id"])}
        yield number, row if isinstance(row, dict) else "not an object"

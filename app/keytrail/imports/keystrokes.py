"""Read the keystroke table of the 2023 essay competition ("Linking Writing Processes to Writing Quality", Kaggle).

CSV, a row per key, many essays in one file: `id, event_id, down_time, up_time, action_time, activity, down_event,
up_event, text_change, cursor_position, word_count`. Letters and digits are replaced with `q`, so nothing is known of
pairs of letters. `cursor_position` is the caret's position after the change.
"""

import csv
import io
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from keytrail.errors import ImportFailed
from keytrail.imports.rebuilding import Rebuilt, is_word, tick_of
from keytrail.imports.recognising import refuse_other
from keytrail.imports.storing import ImportedSession
from keytrail.models import WIRE_1
from keytrail.provenance import to_units
from keytrail.provenance.formatting import count
from keytrail.text_files import read_text

COLUMNS: Final = frozenset(
    {"id", "event_id", "down_time", "up_time", "activity", "down_event", "text_change", "cursor_position"}
)
_MOVE: Final = re.compile(r"Move From \[(\d+), (\d+)\] To \[(\d+), (\d+)\]")
_KEYS: Final = {"Space": " "}
_CLICKS: Final = "click"

Row = Mapping[str, str]


def read_keystrokes(path: Path, now: datetime) -> list[ImportedSession]:
    """Return every essay of a table (.csv or .csv.gz). Raises ImportFailed that lists every bad row."""
    refuse_other(path, "keystrokes", "the keystroke table of the 2023 essay competition")
    essays: dict[str, list[Row]] = {}
    problems: list[str] = []
    for number, row in enumerate(_rows(path), start=2):
        try:
            _numbers(row)
        except (TypeError, ValueError):
            problems.append(f"line {number}: down_time, up_time and cursor_position must be whole numbers")
            continue
        essays.setdefault(row["id"], []).append(row)
    if not essays and not problems:
        problems.append("line 2: the table holds no rows")
    if problems:
        raise ImportFailed(f"Nothing was imported from {path}: {count(len(problems), 'problem')}.", problems)
    return [_session(name, rows, now) for name, rows in essays.items()]


def _rows(path: Path) -> "csv.DictReader[str]":
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""))
    missing = COLUMNS - set(reader.fieldnames or ())
    if missing:
        named = ", ".join(sorted(missing))
        raise ImportFailed(f"{path} is not the competition's keystroke table: it has no column {named}.", [named])
    return reader


def _numbers(row: Row) -> tuple[int, int, int]:
    return int(row["down_time"]), int(row["up_time"]), int(row["cursor_position"])


def _session(name: str, rows: Sequence[Row], now: datetime) -> ImportedSession:
    times = [_numbers(row) for row in rows]
    rebuilt = Rebuilt("keystroke-table", **tick_of([up - down for down, up, _ in times if up > down]))
    for row, (down_ms, up_ms, caret) in zip(rows, times, strict=True):
        if _CLICKS not in row["down_event"].lower():
            key = _key(row)
            rebuilt.down(down_ms, key, row["down_event"][:64])
            _change(rebuilt, row, down_ms, caret)
            if up_ms >= down_ms:
                rebuilt.up(up_ms, row["down_event"][:64])
        else:
            _change(rebuilt, row, down_ms, caret)
    return ImportedSession(
        session=name,
        worker=name,
        item_text="",
        text=rebuilt.text,
        epochs=[rebuilt.events()],
        log_format=WIRE_1,
        submitted_at=now,
    )


def _key(row: Row) -> str:
    """Return the key's name in the browser; a typed character stands for the key that made it."""
    change = row["text_change"]
    if row["activity"] == "Input" and len(change) == 1:
        return "Enter" if change == "\n" else change
    return _KEYS.get(row["down_event"], row["down_event"])[:64]


def _change(rebuilt: Rebuilt, row: Row, at_ms: int, caret: int) -> None:
    activity, change = row["activity"], row["text_change"]
    units = len(to_units(change))
    if activity == "Input":
        _input(rebuilt, row, at_ms, caret - units)
    elif activity == "Remove/Cut":
        rebuilt.change(at_ms, caret, units, "", "deleteContentBackward")
    elif activity == "Paste":
        rebuilt.paste(at_ms, caret - units, 0, change)
    elif activity == "Replace" and " => " in change:
        before, after = change.split(" => ", 1)
        pos = caret - len(to_units(after))
        # A key that replaces a selection makes one character; more is a corrected word, or a paste.
        if len(to_units(after)) <= 1:
            rebuilt.change(at_ms, pos, len(to_units(before)), after, "insertText")
        else:
            add = rebuilt.complete if is_word(after) else rebuilt.paste
            add(at_ms, pos, len(to_units(before)), after)
    elif found := _MOVE.match(activity):
        start, end, to_start, _ = map(int, found.groups())
        moved = rebuilt.units[start:end]
        rebuilt.change(at_ms, start, len(moved), "", "deleteByDrag")
        rebuilt.change(at_ms, to_start, 0, moved, "insertFromDrop")


def _input(rebuilt: Rebuilt, row: Row, at_ms: int, pos: int) -> None:
    change = row["text_change"]
    if len(change) == 1:
        rebuilt.change(at_ms, pos, 0, change, "insertLineBreak" if change == "\n" else "insertText")
    elif is_word(change):
        rebuilt.complete(at_ms, pos, 0, change)
    else:
        rebuilt.paste(at_ms, pos, 0, change)

"""Read sessions of CoAuthor (Lee, Liang, Yang 2022): JSON Lines of editor events with Quill's deltas, one file per
session.

CoAuthor records changes, not keys: an insertion of one character by the user stands for the key that made it. Text that
the page's model suggested, and longer insertions by the user, are read as pastes. Key releases are unknown.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from keytrail.errors import ImportFailed
from keytrail.imports.rebuilding import Rebuilt, is_word
from keytrail.imports.recognising import refuse_other
from keytrail.imports.storing import ImportedSession
from keytrail.models import WIRE_1
from keytrail.provenance import to_units
from keytrail.text_files import not_json, open_text

_NEEDED: Final = ("eventName", "eventSource", "eventTimestamp", "textDelta")

Row = Mapping[str, Any]


def read_coauthor(path: Path) -> list[ImportedSession]:
    """Return the session of a file (.jsonl or .jsonl.gz). Raises ImportFailed with the first bad line."""
    refuse_other(path, "coauthor", "a CoAuthor session")
    rows = list(_rows(path))
    if not rows:
        raise ImportFailed(f"{path} is not a CoAuthor session: the file is empty.", [])
    prompt = str(rows[0].get("currentDoc") or "")
    rebuilt = Rebuilt("coauthor", lang="en")
    for row in rows:
        if isinstance(row["textDelta"], dict):
            _follow(rebuilt, row, len(to_units(prompt)))
    name = path.name.removesuffix(".gz").removesuffix(".jsonl")
    return [
        ImportedSession(
            session=name,
            worker=str(rows[0].get("worker_id") or name),
            # The prompt was there before anybody wrote: it is the item, and no part of the answer.
            item_text=prompt,
            text=rebuilt.text,
            epochs=[rebuilt.events()],
            log_format=WIRE_1,
            submitted_at=datetime.fromtimestamp(rows[-1]["eventTimestamp"] / 1000, UTC),
        )
    ]


def _rows(path: Path) -> Iterator[Row]:
    with open_text(path) as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    yield _row(line)
                except ValueError as error:
                    raise ImportFailed(f"{path} is not a CoAuthor session: line {number}: {error}", []) from None


def _row(line: str) -> Row:
    try:
        row = json.loads(line)
    except RecursionError:
        raise ValueError("its lists are nested too deeply.") from None
    except ValueError as error:
        raise ValueError(not_json(error)) from None
    missing = [name for name in _NEEDED if not isinstance(row, dict) or name not in row]
    if missing:
        raise ValueError(f"it has no {', '.join(missing)}. Give one editor event a line.")
    if type(row["eventTimestamp"]) not in (int, float):
        raise ValueError("eventTimestamp is not a number.")
    return dict(row)


def _follow(rebuilt: Rebuilt, row: Row, prompt_units: int) -> None:
    """Apply one delta: runs to retain, to insert and to delete, in the order of the text."""
    at_ms, by_user = row["eventTimestamp"], row["eventSource"] == "user"
    pos = -prompt_units
    ops: Sequence[Any] = row["textDelta"].get("ops", ())
    gone = sum(op["delete"] for op in ops if _is_count(op, "delete"))
    for op in ops:
        if _is_count(op, "retain"):
            pos += op["retain"]
        elif isinstance(op, dict) and isinstance(op.get("insert"), str):
            _insert(rebuilt, at_ms, max(0, pos), op["insert"], by_user=by_user)
            pos += len(to_units(op["insert"]))
        elif _is_count(op, "delete"):
            if by_user and gone == 1:
                rebuilt.down(at_ms, "Backspace")
            # Of a deletion that begins in the prompt only the part after the prompt is the answer's.
            rebuilt.change(at_ms, max(0, pos), op["delete"] + min(0, pos), "", "deleteContentBackward")


def _is_count(op: Any, name: str) -> bool:
    return isinstance(op, dict) and type(op.get(name)) is int


def _insert(rebuilt: Rebuilt, at_ms: float, pos: int, text: str, *, by_user: bool) -> None:
    if by_user and len(to_units(text)) == 1:
        rebuilt.down(at_ms, "Enter" if text == "\n" else text)
        rebuilt.change(at_ms, pos, 0, text, "insertLineBreak" if text == "\n" else "insertText")
    elif by_user and is_word(text):
        rebuilt.complete(at_ms, pos, 0, text)
    else:
        rebuilt.paste(at_ms, pos, 0, text)

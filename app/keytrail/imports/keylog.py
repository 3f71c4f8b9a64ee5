"""Read key logs of the 2023 studies: keydown, paste and copy events in a hidden field (Veselovsky, Ribeiro, West 2023).

Two files have them: an MTurk batch results CSV, whose `Answer.taskAnswers` holds JSON with `summary` and the log, and
the follow-up's Prolific CSV with the log in a separate column. The second one has no worker ids.
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from keytrail.errors import ImportFailed
from keytrail.imports.recognising import refuse_other
from keytrail.imports.storing import ImportedSession
from keytrail.models import KEYLOG
from keytrail.provenance.formatting import count
from keytrail.text_files import not_json, read_text

_LOG = "log_of_what_they_did"
# The follow-up's file has this before every text; nobody typed it.
_PROLIFIC_PREFIX = "Query: "
_ZONES = {"PDT": timezone(timedelta(hours=-7)), "PST": timezone(timedelta(hours=-8)), "UTC": UTC, "GMT": UTC}

Row = Mapping[str, str]


def read_keylog(path: Path) -> list[ImportedSession]:
    """Return every submission of a file (.csv or .csv.gz). Raises ImportFailed that lists every bad row."""
    refuse_other(path, "keylog", "one of the two files with the logs of 2023")
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""))
    read_row = _reader_for(reader.fieldnames or (), path)
    sessions: list[ImportedSession] = []
    problems: list[str] = []
    for number, row in _rows(reader, path):
        try:
            sessions.append(read_row(row, number))
        except RecursionError:
            problems.append(f"row {number} (line {reader.line_num}): its lists are nested too deeply")
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError) as error:
            problems.append(f"row {number} (line {reader.line_num}): {_problem(error)}")
    if not sessions and not problems:
        problems.append("the file holds no rows")
    if problems:
        raise ImportFailed(f"Nothing was imported from {path}: {count(len(problems), 'problem')}.", problems)
    return sessions


def _problem(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"its log is {not_json(error)}"
    if type(error) is ValueError:
        return str(error)
    if isinstance(error, KeyError):
        return f"there is no {error.args[0]}"
    return "its log does not have the form of the 2023 studies"


def _rows(reader: "csv.DictReader[str]", path: Path) -> Iterator[tuple[int, Row]]:
    # One log is one cell, and a long one exceeds the csv module's default limit of 128 kB.
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield from enumerate(reader, start=1)
    except csv.Error:
        raise ImportFailed(f"{path} is not CSV from line {reader.line_num} on. Write or copy it again.", []) from None


def _reader_for(columns: Any, path: Path) -> Callable[[Row, int], ImportedSession]:
    if {"Answer.taskAnswers", "AssignmentId", "WorkerId"} <= set(columns):
        return _mturk
    if {_LOG, "text", "original_text"} <= set(columns):
        return _prolific
    raise ImportFailed(
        f"{path} is in neither of the two formats: an MTurk batch file has the columns AssignmentId, WorkerId and "
        f"Answer.taskAnswers, a Prolific file has original_text, text and {_LOG}.",
        ["unknown columns"],
    )


def _mturk(row: Row, _number: int) -> ImportedSession:
    answer = json.loads(row["Answer.taskAnswers"])
    answer = answer[0] if isinstance(answer, list) else answer
    source = next((row[name] for name in row if name.startswith("Input.")), "")
    return ImportedSession(
        session=row["AssignmentId"],
        worker=row["WorkerId"],
        item_text=_lf(source).strip(),
        text=_lf(answer["summary"]),
        epochs=[_entries(answer[_LOG])],
        log_format=KEYLOG,
        submitted_at=_mturk_time(row["SubmitTime"]),
    )


def _prolific(row: Row, number: int) -> ImportedSession:
    return ImportedSession(
        session=f"row-{number}",
        worker=f"row-{number}",
        item_text=_lf(row["original_text"]).strip(),
        text=_lf(row["text"]).removeprefix(_PROLIFIC_PREFIX),
        epochs=[_entries(row[_LOG])],
        log_format=KEYLOG,
        submitted_at=_iso(row["datetime"]),
        # What the authors' classifier said of the text: "real" or "synthetic". A classifier's word, not the truth.
        groups={"classifier": word} if (word := row.get("y_cc")) else {},
    )


def _entries(log: Any) -> list[list[Any]]:
    """Return the log as `["key", key, ms]`, `["paste", text, ms]`, `["copy", text]`, times in ms since 1970."""
    if isinstance(log, str):
        log = json.loads(log) if log.strip() else []
    return [_entry(entry) for entry in log]


def _entry(entry: Any) -> list[Any]:
    kind, value = entry[0], entry[1]
    if not isinstance(value, str) or kind not in {"key", "paste", "copy"}:
        raise ValueError(f"a log entry is not a key, paste or copy: {str(entry)[:60]}")
    if kind == "copy":
        return [kind, _lf(value)]
    at_ms = int(_iso(entry[2]).timestamp() * 1000)
    return [kind, value if kind == "key" else _lf(value), at_ms]


def _iso(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _mturk_time(value: str) -> datetime:
    """Parse a time as MTurk writes it: "Thu Jun 01 00:12:23 PDT 2023"."""
    *head, zone, year = value.split()
    moment = datetime.strptime(" ".join([*head, year]), "%a %b %d %H:%M:%S %Y")  # noqa: DTZ007  # the zone follows
    return moment.replace(tzinfo=_ZONES[zone])


def _lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")

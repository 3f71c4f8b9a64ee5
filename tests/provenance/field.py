"""The submissions of 2023, read for the core alone (keytrail/imports reads them for the product)."""

import csv
import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from keytrail.provenance import KeyLog, LoggedCopy, LoggedItem, LoggedKey, LoggedPaste, Origin, Report, analyse_keylog

_LOG = "log_of_what_they_did"
_PREFIX = "Query: "  # stands before every text of the Prolific file; nobody typed it


@dataclass(frozen=True)
class Submission:
    name: str
    log: KeyLog
    report: Report
    judged: str

    @property
    def typed(self) -> bool:
        """Text of some length that the keys account for."""
        return self.report.length >= 200 and self.report.accounted_share >= 0.9

    @property
    def explained(self) -> int:
        return self.report.length - self.report.origins.get(Origin.UNKNOWN, 0)


@cache
def mturk(folder: Path) -> tuple[Submission, ...]:
    return tuple(_mturk(folder / "gpturk" / "mturk_batch_results.csv"))


@cache
def prolific(folder: Path) -> tuple[Submission, ...]:
    return tuple(_prolific(folder / "crowdwork" / "prolific_study1.csv.gz"))


def _mturk(path: Path) -> Iterator[Submission]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            answer = json.loads(row["Answer.taskAnswers"])[0]
            log = KeyLog(_items(answer[_LOG]), answer["summary"], row["Input.texts"])
            yield Submission(row["AssignmentId"], log, analyse_keylog(log), "")


def _prolific(path: Path) -> Iterator[Submission]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            text, start = row["text"].removeprefix(_PREFIX), _ms(row["started_at"])
            log = KeyLog(_items(row[_LOG].strip() or "[]"), text, row["original_text"], start_ms=start)
            yield Submission(f"row {number}", log, analyse_keylog(log), row["y_cc"])


def _items(raw: str) -> list[LoggedItem]:
    return [_item(entry) for entry in json.loads(raw)]


def _item(entry: list[Any]) -> LoggedItem:
    match entry:
        case ["key", key, time]:
            return LoggedKey(key, _ms(time))
        case ["paste", text, time]:
            return LoggedPaste(text, _ms(time))
        case ["copy", text]:
            return LoggedCopy(text)
    raise AssertionError(entry)


def _ms(time: str) -> int:
    return round(datetime.fromisoformat(time).timestamp() * 1000)

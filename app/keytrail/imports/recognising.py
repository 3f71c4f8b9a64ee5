"""Recognise the kind of an import file from its first lines, so that a wrong one gets a clear message."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from keytrail.errors import ImportFailed
from keytrail.text_files import ENCODING, open_bytes

_START: Final = 20_000
"""Characters that are read; the events of a long first line are not needed."""

Marks = Callable[[str, frozenset[str]], bool]


@dataclass(frozen=True)
class FileKind:
    """A kind of file. `command` imports it; without one it contains nothing that Keytrail reads, and `lacks`
    says why.
    """

    name: str
    marks: Marks
    command: str = ""
    lacks: str = "it holds no log of keys in a form that Keytrail reads; docs/wire-format.md tells how to convert one"


def _columns(*names: str) -> Marks:
    return lambda _start, columns: columns >= set(names)


def _holds(*parts: str) -> Marks:
    return lambda start, _columns: all(part in start for part in parts)


_MTURK: Final = ("HITId", "AssignmentId", "WorkerId")
KINDS: Final = (
    FileKind("an Inputlog file (IDFX)", _holds("<log", "<entry>"), "idfx"),
    FileKind("a CoAuthor session", _holds('"eventName"', '"eventSource"'), "coauthor"),
    FileKind(
        "the keystroke table of the 2023 essay competition",
        _columns("id", "event_id", "down_time", "up_time", "text_change", "cursor_position"),
        "keystrokes",
    ),
    FileKind(
        "a Prolific file of the 2023 follow-up", _columns("log_of_what_they_did", "text", "original_text"), "keylog"
    ),
    FileKind(
        "an MTurk results file with the logs of 2023",
        lambda start, columns: (
            columns >= {"AssignmentId", "WorkerId", "Answer.taskAnswers"} and "log_of_what_they_did" in start
        ),
        "keylog",
    ),
    FileKind(
        "an MTurk results file",
        lambda start, columns: columns >= {"AssignmentId", "WorkerId", "Answer.taskAnswers"} and start.count("\n") > 1,
        lacks="its answers hold no log_of_what_they_did",
    ),
    FileKind(
        "an MTurk results file of another study",
        _columns(*_MTURK),
        lacks="it has no column Answer.taskAnswers with a log of keys",
    ),
    FileKind("whole sessions in wire format 1", _holds('{"v"', '"item"'), "wire"),
    FileKind("Prolific's list of submissions", _columns("Submission id", "Participant id"), lacks="it holds no logs"),
    FileKind("a Qualtrics export", _holds("ImportId", "ResponseId")),
    FileKind("psiTurk's data", _holds('"trialdata"', '"uniqueid"')),
    FileKind("psiTurk's trial data", lambda start, _: '{""phase""' in start),
    FileKind("jsPsych data, as JATOS keeps it", _holds('"trial_type"', '"rt"')),
    FileKind("the 136 million keystrokes data set", _holds("PARTICIPANT_ID", "TEST_SECTION_ID")),
)


def kind_of(path: Path) -> FileKind | None:
    """Return the first kind that a file matches; None if there is none. Raises ImportFailed if it cannot be read."""
    with open_bytes(path) as file:
        start = file.read(_START).decode(ENCODING, "replace")
    columns = columns_of(start)
    return next((kind for kind in KINDS if kind.marks(start, columns)), None)


def columns_of(start: str) -> frozenset[str]:
    """Return the names in the first line of a table; none if it is no CSV."""
    try:
        return frozenset(next(csv.reader([start.split("\n", 1)[0].strip()]), []))
    except csv.Error:
        return frozenset()


def refuse_other(path: Path, command: str, wanted: str) -> None:
    """Raise ImportFailed with one sentence if a file is of another kind than the command reads."""
    kind = kind_of(path)
    if kind is None or kind.command == command:
        return
    advice = f"Import it with 'keytrail import {kind.command} {path}'." if kind.command else f"{kind.lacks}."
    joint = "." if kind.command else ":"
    raise ImportFailed(f"{path} is not {wanted}; it looks like {kind.name}{joint} {advice}", [])

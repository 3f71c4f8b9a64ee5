"""Read labelled sessions and tables of measures from files and folders."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from keytrail.errors import ImportFailed
from keytrail.evaluation.labels import HONEST, EvaluationLabel, read_labels
from keytrail.evaluation.tables import FEATURE_COLUMNS, MEASURE_COLUMNS, MeasuredRow, read_features, read_measures
from keytrail.imports.coauthor import read_coauthor
from keytrail.imports.idfx import read_idfx
from keytrail.imports.keylog import read_keylog
from keytrail.imports.keystrokes import COLUMNS as KEYSTROKE_COLUMNS
from keytrail.imports.keystrokes import read_keystrokes
from keytrail.imports.recognising import columns_of
from keytrail.imports.storing import ImportedSession
from keytrail.imports.wire import read_wire
from keytrail.provenance import Family
from keytrail.text_files import ENCODING, open_bytes

RHYTHM: Final = frozenset({Family.MECHANICS, Family.LINEARITY})
_EVERYTHING: Final = frozenset(Family)
_START: Final = 100_000
"""Characters of a file from which its kind is recognised."""


@dataclass(frozen=True)
class LabelledSession:
    """One session with its label. Alarms are counted in `families`, those to which the label applies.

    CoAuthor's writers accepted text that a model wrote, and Inputlog's files do not record all changes: their sessions
    are honest in rhythm and linearity only.
    """

    dataset: str
    session: ImportedSession
    label: EvaluationLabel
    families: frozenset[Family] = _EVERYTHING


@dataclass
class FoundSession:
    """The contents of a folder; `skipped` names each file that is not read, with the reason."""

    sessions: list[LabelledSession] = field(default_factory=list)
    rows: list[MeasuredRow] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def find(paths: Sequence[Path]) -> FoundSession:
    """Return everything that can be evaluated in these files and folders, in a fixed order."""
    found = FoundSession()
    for top in paths:
        for path in sorted(file for file in top.rglob("*") if file.is_file()) if top.is_dir() else [top]:
            try:
                _read(path, found)
            except ImportFailed as error:
                found.skipped.append((path.name, error.message))
    return found


def _read(path: Path, found: FoundSession) -> None:
    name = path.name.removesuffix(".gz")
    if name.endswith(".idfx"):
        found.sessions += [replace(one, families=RHYTHM) for one in _labelled(path, lambda: read_idfx(path, _now()))]
    elif name.endswith(".jsonl"):
        _read_lines(path, found)
    elif name.endswith(".csv"):
        _read_table(path, found)


def _read_lines(path: Path, found: FoundSession) -> None:
    first = _first_line(path)
    if isinstance(first, dict) and "eventName" in first:
        found.sessions += [replace(one, families=RHYTHM) for one in _labelled(path, lambda: read_coauthor(path))]
    elif isinstance(first, dict) and "v" in first:
        found.sessions += _labelled(path, lambda: read_wire(path, _now()))
    else:
        found.skipped.append((path.name, "neither sessions in wire format 1 nor CoAuthor's events"))


def _first_line(path: Path) -> object:
    line = _start(path).split("\n", 1)[0]
    try:
        return json.loads(line)
    except ValueError:
        # The first event of a session may be longer than what is read.
        return {"eventName": ""} if '"eventName"' in line else None


def _read_table(path: Path, found: FoundSession) -> None:
    columns = columns_of(_start(path))
    if columns >= KEYSTROKE_COLUMNS:
        found.sessions += _labelled(path, lambda: read_keystrokes(path, _now()))
    elif columns >= MEASURE_COLUMNS:
        found.rows += read_measures(path)
    elif columns >= FEATURE_COLUMNS:
        found.rows += read_features(path)
    elif any("log_of_what_they_did" in name or name == "Answer.taskAnswers" for name in columns):
        found.sessions += (logs := list(_key_logs(path)))
        if not logs:
            found.skipped.append((path.name, "its submissions carry no label of who wrote them"))


def _key_logs(path: Path) -> Iterator[LabelledSession]:
    """Read the logs of 2023. What the follow-up's own classifier called real is honest; MTurk's have no label."""
    for one in read_keylog(path):
        if stated := one.groups.get("classifier"):
            yield LabelledSession(path.parent.name, one, EvaluationLabel(one.worker, stated == "real"))


def _labelled(path: Path, read: Callable[[], list[ImportedSession]]) -> Iterator[LabelledSession]:
    labels = read_labels(path.parent)
    for one in read():
        label = labels.get(one.session) or EvaluationLabel()
        stated = EvaluationLabel(one.worker, None, one.groups) if label == EvaluationLabel() else label
        honest = stated.honest if one.label is None else one.label.lower() in HONEST
        groups = {**one.groups, **stated.groups}
        yield LabelledSession(path.parent.name, one, EvaluationLabel(stated.writer or one.worker, honest, groups))


def _start(path: Path) -> str:
    with open_bytes(path) as file:
        return file.read(_START).decode(ENCODING, "replace")


def _now() -> datetime:
    return datetime.now(UTC)

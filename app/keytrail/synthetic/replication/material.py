"""The replication's material: the files of the 2023 studies as items, lab texts and field submissions."""

import csv
import io
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keytrail.imports.keylog import read_keylog
from keytrail.imports.storing import ImportedSession
from keytrail.provenance import KeyLog, LoggedCopy, LoggedItem, LoggedKey, LoggedPaste, Report, analyse_keylog
from keytrail.text.classifier.corpus import Label, TrainingText
from keytrail.text.loglabels import copied_out, external_share, log_label
from keytrail.text_files import read_text

MTURK, PROLIFIC = "MTurk", "Prolific"
_FILES = {MTURK: "gpturk/mturk_batch_results.csv", PROLIFIC: "crowdwork/prolific_study1.csv.gz"}
_MTURK_LABELS = "gpturk/mturk_paper_labels.csv"
_MAKERS: dict[str, Callable[..., LoggedItem]] = {"key": LoggedKey, "paste": LoggedPaste, "copy": LoggedCopy}
_HARDLY = 0.1
_PASTE_MARKS = ("Control v", "paste", "Meta v", "Unidentified")
"""What the authors searched for in the string of keys; "Unidentified" also stands for any key of a phone."""


@dataclass(frozen=True)
class AuthorsWord:
    """The studies' own classifier's result for a submission; not the truth."""

    synthetic: bool | None
    score: float | None = None


@dataclass(frozen=True)
class FieldSubmission:
    """One submission of 2023 with our report on its log."""

    population: str
    worker: str
    item_id: str
    text: str
    report: Report
    pasted: bool
    """Whether the log has a paste event."""
    paste_rule: bool
    """Whether the authors' rule calls it pasted."""
    authors: AuthorsWord

    @property
    def judged(self) -> bool | None:
        """The label from the log: True for a language model, False for anything else, None between."""
        if log_label(self.report) is Label.LLM:
            return True
        typed = external_share(self.report) < _HARDLY and not copied_out(self.report)
        return False if typed else None


@dataclass(frozen=True)
class Material:
    """The data of the replication."""

    items: Mapping[str, str]
    human: Sequence[TrainingText]
    generated: Mapping[str, Sequence[str]]
    field: Sequence[FieldSubmission]

    def of(self, population: str) -> list[FieldSubmission]:
        """Return the submissions of one study."""
        return [submission for submission in self.field if submission.population == population]


def read_material(folder: Path) -> Material:
    """Read the folder (gpturk/, crowdwork/) and analyse every log. Raises ImportFailed if a file is missing."""
    items = {row["id"]: row["text"] for row in _json_lines(folder / "gpturk/abstracts.jsonl")}
    human: list[TrainingText] = []
    generated: dict[str, list[str]] = defaultdict(list)
    for row in _json_lines(folder / "gpturk/summaries.jsonl"):
        if row["label"] == "human":
            human.append(TrainingText(row["abstract_id"], row["text"], Label.HUMAN))
        else:
            generated[row["abstract_id"]].append(row["text"])
    field = [submission for name in _FILES for submission in _submissions(folder, name, items)]
    return Material(items, human, dict(generated), field)


def _submissions(folder: Path, population: str, items: Mapping[str, str]) -> list[FieldSubmission]:
    by_text = {" ".join(text.split()): item for item, text in items.items()}
    path = folder / _FILES[population]
    sessions = read_keylog(path)
    words = _mturk_words(folder, sessions) if population == MTURK else _prolific_words(path)
    return [
        _submission(population, by_text[" ".join(session.item_text.split())], session, word)
        for session, word in zip(sessions, words, strict=True)
    ]


def _submission(population: str, item_id: str, session: ImportedSession, authors: AuthorsWord) -> FieldSubmission:
    entries: list[Any] = list(session.epochs[0])
    log = KeyLog([_MAKERS[kind](*values) for kind, *values in entries], session.text, session.item_text)
    keys = " ".join(entry[1] if entry[0] == "key" else entry[0] for entry in entries)
    return FieldSubmission(
        population=population,
        worker=session.worker,
        item_id=item_id,
        text=session.text,
        report=analyse_keylog(log),
        pasted=any(entry[0] == "paste" for entry in entries),
        paste_rule=any(mark in keys for mark in _PASTE_MARKS),
        authors=authors,
    )


def _mturk_words(folder: Path, sessions: Sequence[ImportedSession]) -> list[AuthorsWord]:
    labels = {row["AssignmentId"]: row["paper_label"] for row in _rows(folder / _MTURK_LABELS)}
    return [AuthorsWord(_synthetic(labels.get(session.session, ""))) for session in sessions]


def _prolific_words(path: Path) -> list[AuthorsWord]:
    return [AuthorsWord(_synthetic(row["y_cc"]), float(row["cal_prob"])) for row in _rows(path)]


def _synthetic(label: str) -> bool | None:
    return label == "synthetic" if label else None


def _rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    return list(csv.DictReader(io.StringIO(read_text(path), newline="")))


def _json_lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in read_text(path).splitlines()]

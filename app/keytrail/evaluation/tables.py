"""Read tables of derived measures: one row per session, no log.

Two kinds: `writing_measures.csv`, with measures as the product stores them, and Inputlog's table of 155 features
(Crossley, Tian, Holmes, Morris, Choi 2024), of which seven are converted to the product's definitions.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from keytrail.provenance.rules.facts import UNITS_PER_WORD
from keytrail.text_files import open_text

LINEARITY: Final = (
    "pause_share",
    "mean_pause_ms",
    "sentence_pause_ms",
    "words_per_minute",
    "final_share",
    "deleted_share",
    "away_from_edge_share",
)
MEASURE_COLUMNS: Final = frozenset({"task", "writer", "waits", "words", *LINEARITY})
FEATURE_COLUMNS: Final = frozenset({"essayID", "random_id", "product_process_ratio", "total_process_time_secs"})
_COPIED_TASKS: Final = frozenset({"copied_sentences", "transcribed"})


@dataclass(frozen=True)
class MeasuredRow:
    """The measures of one session. `pair` joins sessions that must not be split: the same essay or writer."""

    dataset: str
    writer: str
    pair: str
    honest: bool
    words: int
    measures: Mapping[str, Any]
    groups: Mapping[str, str] = field(default_factory=dict)


def read_measures(path: Path) -> Iterator[MeasuredRow]:
    """Read rows of a table of the product's own measures; `task` names the set, copying out is not composing."""
    for row in _rows(path):
        task, waits = row["task"], row["waits"]
        numbers = {
            name: float(value) for name, value in row.items() if value and name not in {"task", "writer", "waits"}
        }
        yield MeasuredRow(
            dataset=f"{task.replace('_', ' ')}{f', waits {waits}' if waits else ''}",
            writer=row["writer"],
            pair=f"{task}/{row['writer']}",
            honest=task not in _COPIED_TASKS,
            words=int(float(row["words"] or 0)),
            measures=numbers,
            groups={"task": task.replace("_", " ")},
        )


def read_features(path: Path) -> Iterator[MeasuredRow]:
    """Read rows of an Inputlog feature table; the file's name says whether its essays were composed or transcribed."""
    task = path.name.split(".")[0]
    for row in _rows(path):
        final_share = min(1.0, float(row["product_process_ratio"]))
        produced = float(row["chars_produced_inclu_spac"])
        yield MeasuredRow(
            dataset=f"{task} essays",
            writer=row["random_id"],
            pair=f"essay/{row['essayID']}",
            honest=task not in _COPIED_TASKS,
            words=int(float(row["total_words_produced"])),
            measures={
                "pause_share": float(row["total_pause_time_in_secs_threshold2000"])
                / float(row["total_process_time_secs"]),
                "mean_pause_ms": 1_000 * float(row["mean_pause_time_in_secs_threshold200"]),
                "sentence_pause_ms": 1_000 * float(row["mean_pause_time_before_sents_threshold200"]),
                "words_per_minute": float(row["chars_produced_per_min_inclu_spac"]) / UNITS_PER_WORD,
                "final_share": final_share,
                "deleted_share": 1 - final_share,
                "away_from_edge_share": float(row["total_insertions_chars_inclu_space"]) / produced,
            },
            groups={"task": "essay"},
        )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with open_text(path, newline="") as file:
        yield from csv.DictReader(file)

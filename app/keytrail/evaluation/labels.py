"""Labels of sessions: who wrote it, whether a person did, and to which groups it belongs."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from keytrail.text_files import open_text

GROUPS: Final = ("first_language", "device", "layout", "input_method", "input_aids", "task")
"""Groups by which alarms are counted, as far as a set has them."""
HONEST: Final = frozenset({"honest", "human", "real", "person", "composed", "typed"})
"""Labels of sessions that a person wrote; every other label means another kind."""
_SIDECARS: Final = ("labels.csv", "writers.csv")


@dataclass(frozen=True)
class EvaluationLabel:
    """The label of a session; `honest` is None where unknown."""

    writer: str = ""
    honest: bool | None = None
    groups: Mapping[str, str] = field(default_factory=dict)


def read_labels(folder: Path) -> dict[str, EvaluationLabel]:
    """Read labels by session from `labels.csv` or `writers.csv` beside the logs.

    Columns: `id` or `session`, and any of `writer`, `label`, `first_language`, `device`, `layout`, `input_method`,
    `input_aids` (assistive technology or dictation, as the writer says), `task`.
    """
    path = next((folder / name for name in _SIDECARS if (folder / name).is_file()), None)
    if path is None:
        return {}
    with open_text(path, newline="") as file:
        rows = list(csv.DictReader(file))
    return {row.get("id") or row.get("session") or "": label_of(row) for row in rows}


def label_of(row: Mapping[str, str | None]) -> EvaluationLabel:
    """Return a label from the columns of a table or the keys of a session."""
    label = (row.get("label") or "").strip().lower()
    return EvaluationLabel(
        writer=row.get("writer") or "",
        honest=label in HONEST if label else None,
        groups={name: value.strip().capitalize() for name in GROUPS if (value := row.get(name))},
    )

"""What is known of a session beside its log: who wrote it, whether a person did, and to which groups it belongs."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

GROUPS: Final = ("first_language", "device", "layout", "input_method", "input_aids", "task")
"""Groups that alarms are counted by, as far as a set tells them."""
HONEST: Final = frozenset({"honest", "human", "real", "person", "composed", "typed"})
"""Labels of sessions that a person wrote; every other label is of another kind."""
_SIDECARS: Final = ("labels.csv", "writers.csv")


@dataclass(frozen=True)
class EvaluationLabel:
    """`honest` is None where nobody said."""

    writer: str = ""
    honest: bool | None = None
    groups: Mapping[str, str] = field(default_factory=dict)


def read_labels(folder: Path) -> dict[str, EvaluationLabel]:
    """Labels by session, from `labels.csv` or `writers.csv` beside the logs.

    Columns: `id` or `session`, and any of `writer`, `label`, `first_language`, `device`, `layout`, `input_method`,
    `input_aids` (assistive technology or dictation, as the writer says), `task`.
    """
    path = next((folder / name for name in _SIDECARS if (folder / name).is_file()), None)
    if path is None:
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row.get("id") or row.get("session") or "": label_of(row) for row in rows}


def label_of(row: Mapping[str, str | None]) -> EvaluationLabel:
    """A label from the columns of a table or the keys of a session."""
    said = (row.get("label") or "").strip().lower()
    return EvaluationLabel(
        writer=row.get("writer") or "",
        honest=said in HONEST if said else None,
        groups={name: value.strip().capitalize() for name in GROUPS if (value := row.get(name))},
    )

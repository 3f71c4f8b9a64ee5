"""The writer's own copying beside this text: the figures of the exercise before the task. Information only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from keytrail.models import CopyingExercise
from keytrail.web.formatting import decimal, percent


def _milliseconds(value: float) -> str:
    return f"{decimal(value, 0)} ms"


def _plain(value: float) -> str:
    return decimal(value, 2)


def _whole(value: float) -> str:
    return decimal(value, 0)


_SHOWN: Final[Mapping[str, tuple[str, Callable[[float], str]]]] = {
    "copying_likeness": ("likeness to copying out", percent),
    "interval_median_ms": ("usual time between keys", _milliseconds),
    "interval_log_sd": ("spread of the times between keys (sd of logs)", _plain),
    "hold_median_ms": ("usual time a key is held", _milliseconds),
    "pause_share": ("time in pauses over 2 s", percent),
    "words_per_minute": ("words a minute, pauses included", _whole),
    "deleted_share": ("of what came in was erased", percent),
}


@dataclass(frozen=True)
class OwnCopying:
    """Each row: what is measured, in the exercise, in this text; no rows if the worker skipped the exercise."""

    rows: Sequence[tuple[str, str, str]]


def own_copying_of(exercise: CopyingExercise | None, measures: Mapping[str, Any]) -> OwnCopying | None:
    """Return the comparison with a report's measures; None where the study did not ask."""
    if exercise is None:
        return None
    rows = []
    for name, (label, shown) in _SHOWN.items():
        own = exercise.measures.get(name)
        here = measures.get(name)
        if own is not None:
            rows.append((label, shown(own), "not judged" if here is None else shown(here)))
    return OwnCopying(rows)

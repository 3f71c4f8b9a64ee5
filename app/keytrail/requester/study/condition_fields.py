"""The study form's rows for conditions: one condition per row, empty rows are ignored."""

from collections.abc import Mapping, Sequence
from typing import Any

from keytrail.studies.conditions import MOST_CONDITIONS, Condition, Measure

_FEWEST_SHOWN = 3
_TO_SPARE = 2


def field_names() -> tuple[str, ...]:
    """Return the names of all rows' fields."""
    return tuple(_name(row, what) for row in range(MOST_CONDITIONS) for what in ("name", "percent", *Measure))


def values_of(conditions: Sequence[Condition]) -> dict[str, str]:
    """Return conditions as the rows show them; equal probabilities stay empty, so that thirds need no rounding."""
    equal = len({condition.probability for condition in conditions}) == 1
    values = {}
    for row, condition in enumerate(conditions):
        values[_name(row, "name")] = condition.name
        values[_name(row, "percent")] = "" if equal else f"{100 * (condition.probability or 0):.10g}"
        values |= {_name(row, measure): "1" for measure in condition.measures}
    return values


def raw_conditions(values: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the input of a definition. Raises ValueError with a message for the requester."""
    found = []
    for row in _filled(values):
        percent = values[_name(row, "percent")].strip()
        try:
            probability = float(percent) / 100 if percent else None
        except ValueError:
            raise ValueError(f"Write each chance as a number of per cent, not as “{percent}”.") from None
        measures = [measure for measure in Measure if values[_name(row, measure)]]
        found.append({"name": values[_name(row, "name")], "probability": probability, "measures": measures})
    return found


def shown_rows(values: Mapping[str, str]) -> Sequence[int]:
    """Return the rows to show: all with content, and a few empty ones."""
    last = max(_filled(values), default=-1)
    return range(min(MOST_CONDITIONS, max(_FEWEST_SHOWN, last + 1 + _TO_SPARE)))


def _filled(values: Mapping[str, str]) -> list[int]:
    fields = ("name", "percent", *Measure)
    return [row for row in range(MOST_CONDITIONS) if any(values[_name(row, what)].strip() for what in fields)]


def _name(row: int, what: str) -> str:
    return f"condition_{row}_{what}"

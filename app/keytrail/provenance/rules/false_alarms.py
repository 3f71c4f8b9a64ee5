"""State the known false alarms of each rule on honest writers, in a sentence; rule.py adds the cause.

The counts are those of docs/evaluation.md, in false_alarm_figures.py, which `keytrail evaluate --product` writes. Sets
by name: "crowdwork" are the Prolific submissions of 2023 that were typed by their logs and that the authors' classifier
called human; "l2essays" essays by students whose first language is not English.
"""

from collections.abc import Mapping
from typing import Final

from keytrail.provenance.rules.false_alarm_figures import COUNTED, RuleCount

_SETS: Final[Mapping[str, str]] = {
    "crowdwork": "{} typed Prolific submissions",
    "l2essays": "{} essays by second-language writers",
    "composed essays": "{} composed essays",
    "composed with suggestions, waits kept": "{} crowd sessions by {writers} writers",
    "copied sentences": "{} people in a typing test",
}
"""Sets named in a sentence, in this order; the others of docs/evaluation.md are the same people again."""
_NO_EVENTS: Final = "No public log of honest writers has the events that this rule reads."


def counted(rule: str) -> str:
    """Return the counts in a sentence, or that there are none."""
    rows = {row.dataset: row for row in COUNTED if row.rule == rule and not row.group}
    told = [f"{rows[name].alarmed} of {_named(rows[name])}" for name in _SETS if name in rows]
    return f"On {', '.join(told)}{_by_language(rule)}." if told else _NO_EVENTS


def _named(row: RuleCount) -> str:
    return _SETS[row.dataset].format(f"{row.sessions:,}", writers=row.writers)


def _by_language(rule: str) -> str:
    """Name first languages of ten or more writers."""
    rows = [row for row in COUNTED if row.rule == rule and row.group == "first_language"]
    told = [f"{row.alarmed} of {row.writers} whose first language is {row.value}" for row in rows]
    return f" ({', '.join(told)})" if told else ""

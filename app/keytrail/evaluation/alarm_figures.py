"""Write the module of false-alarm counts that findings quote."""

from collections.abc import Sequence
from datetime import date
from json import dumps

from keytrail.evaluation.alarm_counts import FEWEST_WRITERS, OTHERS, by_rule
from keytrail.evaluation.judging import Judged

_GROUPS = frozenset({"", "first_language", "device", "layout", "input_method", "input_aids"})
"""A set's name already says its task."""


def figures_module(sessions: Sequence[Judged], on: date) -> str:
    """Return the source of provenance/rules/false_alarm_figures.py."""
    rows = [
        (
            *(one.rule, one.dataset, one.group, one.value),
            *(one.alarms.alarmed, one.alarms.sessions, one.alarms.writers_alarmed, one.alarms.writers),
        )
        for one in by_rule([one for one in sessions if one.honest])
        if one.alarms.writers >= FEWEST_WRITERS and one.group in _GROUPS and one.value != OTHERS
    ]
    lines = "".join(f"    RuleCount({', '.join(map(dumps, row))}),\n" for row in rows)
    return f'''"""How often each rule fired on honest sessions; written by `keytrail evaluate --product` on
{on.isoformat()}.

docs/evaluation.md is the same with intervals. Only sets and groups of at least {FEWEST_WRITERS} writers.
"""

from typing import Final, NamedTuple


class RuleCount(NamedTuple):
    """Alarms of a rule on the honest sessions of a set (or of one group of it) that it could judge."""

    rule: str
    dataset: str
    group: str
    value: str
    alarmed: int
    sessions: int
    writers_alarmed: int
    writers: int


# fmt: off
COUNTED: Final[tuple[RuleCount, ...]] = (
{lines})
# fmt: on
'''

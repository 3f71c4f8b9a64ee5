"""Tables of the evaluation page: alarms by verdict, by rule and by group, in Markdown."""

from collections.abc import Iterator, Sequence

from keytrail.evaluation.alarm_counts import (
    VERDICTS,
    Alarms,
    alarms,
    by_rule,
    datasets,
    group_name,
    subsets_of,
)
from keytrail.evaluation.judging import Judged
from keytrail.provenance.formatting import percent

_VERDICT_COLUMNS = " | ".join(f"{name} | writers with one" for name in VERDICTS)
_VERDICT_LINE = "---|" * (2 * len(VERDICTS))


def verdict_table(sessions: Sequence[Judged]) -> Iterator[str]:
    """Yield a line for each set, of honest sessions and of others."""
    yield f"| set | kind | {_VERDICT_COLUMNS} |"
    yield f"|---|---|{_VERDICT_LINE}"
    for name in datasets(sessions):
        for kind, honest in (("honest", True), ("other", False)):
            chosen = [one for one in sessions if one.dataset == name and one.honest is honest]
            if chosen:
                yield f"| {name} | {kind} | {_verdict_cells(chosen)} |"


def verdicts_by_group(honest: Sequence[Judged]) -> Iterator[str]:
    """Yield a line for each group of a set."""
    yield f"| set | group | {_VERDICT_COLUMNS} |"
    yield f"|---|---|{_VERDICT_LINE}"
    for subset in subsets_of(honest):
        if subset.group:
            yield f"| {subset.dataset} | {subset.name} | {_verdict_cells(subset.sessions)} |"


def rule_table(honest: Sequence[Judged]) -> Iterator[str]:
    """Yield a line for each rule and set."""
    yield "| rule | set | fired | of these high | writers with one |"
    yield "|---|---|---|---|---|"
    for one in sorted((one for one in by_rule(honest) if not one.group), key=lambda one: one.rule):
        yield f"| `{one.rule}` | {one.dataset} | {_counted(one.alarms)} | {one.high} | {_by_writers(one.alarms)} |"


def rules_by_group(honest: Sequence[Judged]) -> Iterator[str]:
    """Yield a line for each rule and group in which it fired."""
    yield "| set | group | rule | fired | of these high | writers with one |"
    yield "|---|---|---|---|---|---|"
    for one in by_rule(honest):
        if one.group and one.alarms.alarmed:
            counts = f"{_counted(one.alarms)} | {one.high} | {_by_writers(one.alarms)}"
            yield f"| {one.dataset} | {group_name(one.group, one.value)} | `{one.rule}` | {counts} |"


def _verdict_cells(sessions: Sequence[Judged]) -> str:
    counted = [alarms(sessions, fires) for fires in VERDICTS.values()]
    return " | ".join(f"{_counted(found)} | {_by_writers(found)}" for found in counted)


def _counted(found: Alarms) -> str:
    low, high = found.interval.low, found.interval.high
    return f"{found.alarmed} of {found.sessions:,} ({percent(low, 1)} to {percent(high, 1)})"


def _by_writers(found: Alarms) -> str:
    low, high = found.writers_interval.low, found.writers_interval.high
    return f"{found.writers_alarmed} of {found.writers:,} ({percent(low, 1)} to {percent(high, 1)})"

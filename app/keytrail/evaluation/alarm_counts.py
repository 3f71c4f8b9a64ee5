"""Count alarms on honest sessions by rule, verdict and group, with exact intervals, by session and by writer."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from keytrail.evaluation.judging import Judged, in_rhythm
from keytrail.evaluation.labels import GROUPS
from keytrail.provenance import Severity, Verdict
from keytrail.provenance.rules.catalogue import FAMILIES
from keytrail.text.prevalence.intervals import Interval, exact

FEWEST_WRITERS: Final = 10
"""A group of fewer writers is counted, but the budget does not apply to it."""


@dataclass(frozen=True)
class Alarms:
    """Among some sessions, the number of sessions and of writers with an alarm.

    Sessions of one writer are alike: the interval by writers (with any alarm) is the reliable one.
    """

    sessions: int
    alarmed: int
    writers: int
    writers_alarmed: int

    @property
    def share(self) -> float:
        """Share of the sessions."""
        return self.alarmed / self.sessions if self.sessions else 0.0

    @property
    def interval(self) -> Interval:
        """Exact interval by session."""
        return exact(self.alarmed, self.sessions)

    @property
    def writers_interval(self) -> Interval:
        """Exact interval by writer."""
        return exact(self.writers_alarmed, self.writers)


@dataclass(frozen=True)
class RuleAlarms:
    """Alarms of one rule among the sessions of a set that it could judge. `high` counts those of high severity."""

    rule: str
    dataset: str
    group: str
    value: str
    alarms: Alarms
    high: int


def alarms(sessions: Iterable[Judged], fires: Callable[[Judged], bool]) -> Alarms:
    """Count alarms over sessions and over their writers."""
    chosen = list(sessions)
    fired = [one for one in chosen if fires(one)]
    return Alarms(len(chosen), len(fired), len({one.writer for one in chosen}), len({one.writer for one in fired}))


def by_rule(sessions: Sequence[Judged]) -> Iterator[RuleAlarms]:
    """Count each rule in each set, then in each group of it; only where the rule could judge a session."""
    for dataset in datasets(sessions):
        chosen = [one for one in sessions if one.dataset == dataset]
        for group, value in [("", ""), *groups_of(chosen)]:
            members = [one for one in chosen if not group or one.groups.get(group) == value]
            for rule in FAMILIES:
                able = [one for one in members if rule in one.applied]
                if able:
                    high = sum(one.fired.get(rule) is Severity.HIGH for one in able)
                    yield RuleAlarms(rule, dataset, group, value, _alarms_of(rule, able), high)


def _alarms_of(rule: str, sessions: Sequence[Judged]) -> Alarms:
    return alarms(sessions, lambda one: rule in one.fired)


def verdicts(sessions: Sequence[Judged], verdict: Verdict, *, rhythm: bool = False) -> Alarms:
    """Count sessions with a verdict; with `rhythm` the verdict of mechanics and linearity only."""
    return alarms(sessions, lambda one: (in_rhythm(one) if rhythm else one).verdict == verdict)


def datasets(sessions: Iterable[Judged]) -> list[str]:
    """Return the names of the sets, in order of appearance."""
    return list(dict.fromkeys(one.dataset for one in sessions))


def groups_of(sessions: Iterable[Judged]) -> list[tuple[str, str]]:
    """Return existing groups with their values, the largest first."""
    writers: dict[tuple[str, str], set[str]] = {}
    for one in sessions:
        for name in GROUPS:
            if value := one.groups.get(name):
                writers.setdefault((name, value), set()).add(one.writer)
    return sorted(writers, key=lambda key: (GROUPS.index(key[0]), -len(writers[key]), key[1]))


def receiver_curve(
    honest: Sequence[float], other: Sequence[float], rates: Sequence[float]
) -> tuple[float, list[float]]:
    """Return the area under the curve of a score, and the share of the others caught at some false-alarm rates.

    Ties count half.
    """
    ordered = sorted(honest)
    below = [(bisect_left(ordered, one), bisect_right(ordered, one)) for one in other]
    area = sum(first + (last - first) / 2 for first, last in below) / len(ordered) / len(other)
    caught = []
    for rate in rates:
        threshold = ordered[len(ordered) - 1 - int(rate * len(ordered))]
        caught.append(sum(one > threshold for one in other) / len(other))
    return area, caught

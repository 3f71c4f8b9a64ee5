"""Count alarms on honest sessions by rule, verdict and group, with exact intervals, by session and by writer."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from keytrail.evaluation.judging import Judged, in_rhythm
from keytrail.evaluation.labels import GROUPS
from keytrail.provenance import Severity, Verdict
from keytrail.provenance.rules.catalogue import FAMILIES
from keytrail.text.prevalence.intervals import Interval, exact

FEWEST_WRITERS: Final = 10
"""Groups of fewer writers are counted together, and the budget does not apply to them."""
OTHERS: Final = f"others, fewer than {FEWEST_WRITERS} writers each"
"""Stands for the value of small groups that are counted together."""


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
        """Share of the sessions with an alarm, from 0 to 1."""
        return self.alarmed / self.sessions if self.sessions else 0.0

    @property
    def interval(self) -> Interval:
        """Exact 95 % interval of that share, as if sessions were independent."""
        return exact(self.alarmed, self.sessions)

    @property
    def writers_interval(self) -> Interval:
        """Exact 95 % interval of the share of writers with any alarm."""
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


@dataclass(frozen=True)
class Subset:
    """The sessions of a set (`group` and `value` are empty), or those of one group of it."""

    dataset: str
    group: str
    value: str
    sessions: Sequence[Judged]

    @property
    def name(self) -> str:
        """The group in words."""
        return group_name(self.group, self.value)


def group_name(group: str, value: str) -> str:
    """Return a group in words; empty for a whole set."""
    return f"{group.replace('_', ' ')}: {value}" if group else ""


def alarms(sessions: Iterable[Judged], fires: Callable[[Judged], bool]) -> Alarms:
    """Count alarms over sessions and over their writers."""
    chosen = list(sessions)
    fired = [one for one in chosen if fires(one)]
    return Alarms(len(chosen), len(fired), len({one.writer for one in chosen}), len({one.writer for one in fired}))


def by_rule(sessions: Sequence[Judged]) -> Iterator[RuleAlarms]:
    """Count each rule in each subset of the sets; only where the rule could judge a session."""
    for subset in subsets_of(sessions):
        for rule in FAMILIES:
            able = [one for one in subset.sessions if rule in one.applied]
            if able:
                high = sum(one.fired.get(rule) is Severity.HIGH for one in able)
                yield RuleAlarms(rule, subset.dataset, subset.group, subset.value, _alarms_of(rule, able), high)


def _alarms_of(rule: str, sessions: Sequence[Judged]) -> Alarms:
    return alarms(sessions, lambda one: rule in one.fired)


VERDICTS: Final[Mapping[str, Callable[[Judged], bool]]] = {
    Verdict.STRONG: lambda one: one.verdict == Verdict.STRONG,
    Verdict.REVIEW: lambda one: one.verdict == Verdict.REVIEW,
    Verdict.UNVERIFIABLE: lambda one: one.verdict == Verdict.UNVERIFIABLE,
    "review or strong for mechanics and linearity alone": lambda one: (
        in_rhythm(one).verdict in {Verdict.REVIEW, Verdict.STRONG}
    ),
}
"""What is counted of verdicts, by its name."""


def subsets_of(sessions: Sequence[Judged]) -> Iterator[Subset]:
    """Yield each set, then its groups of ten or more writers, and for each kind of group all smaller ones together."""
    for dataset in datasets(sessions):
        chosen = [one for one in sessions if one.dataset == dataset]
        yield Subset(dataset, "", "", chosen)
        for group, named in groupby(groups_of(chosen), key=itemgetter(0)):
            small = []
            for _, value in named:
                members = [one for one in chosen if one.groups.get(group) == value]
                if len({one.writer for one in members}) >= FEWEST_WRITERS:
                    yield Subset(dataset, group, value, members)
                else:
                    small += members
            if small:
                yield Subset(dataset, group, OTHERS, small)


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

"""Check the budget of false alarms on honest sessions."""

from collections.abc import Iterator, Sequence
from typing import Final

from keytrail.evaluation.alarm_counts import FEWEST_WRITERS, alarms, by_rule, datasets, groups_of
from keytrail.evaluation.judging import Judged, in_rhythm
from keytrail.provenance import Verdict

REVIEW_MOST: Final = 0.02
HIGH_MOST: Final = 0.003


def broken(sessions: Sequence[Judged]) -> Iterator[str]:
    """Yield a sentence for every violation.

    No honest session is strong; at most 2 % of them are in review for mechanics and linearity, in each set and in each
    first language of ten or more writers; a rule of high severity fires on at most 0.3 % of all sessions that it
    judged.
    """
    honest = [one for one in sessions if one.honest]
    for one in honest:
        if one.verdict == Verdict.STRONG:
            yield f"{one.dataset}, session {one.session or one.writer}: strong by {', '.join(one.fired)}"
    for name in datasets(honest):
        chosen = [one for one in honest if one.dataset == name]
        yield from _over(name, chosen)
        for group, value in groups_of(chosen):
            members = [one for one in chosen if one.groups.get(group) == value]
            if group == "first_language" and len({one.writer for one in members}) >= FEWEST_WRITERS:
                yield from _over(f"{name}, first language {value}", members)
    yield from _high(honest)


def _over(name: str, sessions: Sequence[Judged]) -> Iterator[str]:
    found = alarms(sessions, lambda one: in_rhythm(one).verdict in {Verdict.REVIEW, Verdict.STRONG})
    if found.share > REVIEW_MOST:
        yield f"{name}: {found.alarmed} of {found.sessions} in review for mechanics and linearity ({found.share:.1%})"


def _high(sessions: Sequence[Judged]) -> Iterator[str]:
    judged: dict[str, tuple[int, int]] = {}
    for one in by_rule(sessions):
        if not one.group:
            high, total = judged.get(one.rule, (0, 0))
            judged[one.rule] = high + one.high, total + one.alarms.sessions
    for rule, (high, total) in judged.items():
        if high > HIGH_MOST * total:
            yield f"{rule}: high on {high} of {total} honest sessions ({high / total:.2%})"

"""Check the budget of false alarms on honest sessions."""

from collections.abc import Iterator, Sequence
from typing import Final

from keytrail.evaluation.alarm_counts import OTHERS, alarms, by_rule, subsets_of
from keytrail.evaluation.judging import Judged, in_rhythm
from keytrail.provenance import Verdict
from keytrail.provenance.formatting import percent

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
    for subset in subsets_of(honest):
        if not subset.group:
            yield from _over(subset.dataset, subset.sessions)
        elif subset.group == "first_language" and subset.value != OTHERS:
            yield from _over(f"{subset.dataset}, first language {subset.value}", subset.sessions)
    yield from _high(honest)


def _over(name: str, sessions: Sequence[Judged]) -> Iterator[str]:
    found = alarms(sessions, lambda one: in_rhythm(one).verdict in {Verdict.REVIEW, Verdict.STRONG})
    if found.share > REVIEW_MOST:
        share = percent(found.share, 1)
        yield f"{name}: {found.alarmed} of {found.sessions} in review for mechanics and linearity ({share})"


def _high(sessions: Sequence[Judged]) -> Iterator[str]:
    judged: dict[str, tuple[int, int]] = {}
    for one in by_rule(sessions):
        if not one.group:
            high, total = judged.get(one.rule, (0, 0))
            judged[one.rule] = high + one.high, total + one.alarms.sessions
    for rule, (high, total) in judged.items():
        if high > HIGH_MOST * total:
            yield f"{rule}: high on {high} of {total} honest sessions ({percent(high / total, 2)})"

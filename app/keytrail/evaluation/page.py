"""Write the evaluation page: counts as tables, from which no session, text or person can be identified."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from keytrail.evaluation.alarm_counts import (
    FEWEST_WRITERS,
    Alarms,
    RuleAlarms,
    alarms,
    by_rule,
    datasets,
    groups_of,
    receiver_curve,
    verdicts,
)
from keytrail.evaluation.budget import broken
from keytrail.evaluation.judging import Judged, in_rhythm
from keytrail.provenance import ANALYSIS_VERSION, Verdict

_RATES: Final = (0.003, 0.01, 0.02)
_SUSPICIOUS: Final = 10
_SCORES: Final = {"copying": "likeness to copying out", "evenness": "evenness of intervals"}


def page(sessions: Sequence[Judged], skipped: Sequence[tuple[str, str]], on: date) -> str:
    """Render the document; `skipped` are files with the reason why they were not read."""
    honest = [one for one in sessions if one.honest]
    problems = list(broken(sessions))
    rules = list(by_rule(honest))
    return "\n".join(
        [
            *_head(sessions, honest, on),
            "## The budget",
            "",
            *(["The budget is met:", ""] if not problems else ["**Over the budget:**", ""]),
            *([f"- {problem}." for problem in problems] or [_BUDGET]),
            "",
            "## Verdicts",
            "",
            *_verdicts(sessions),
            "",
            "## Rules, on honest sessions",
            "",
            *_rules([one for one in rules if not one.group]),
            "",
            "## By group",
            "",
            *_groups(honest),
            "",
            "## Scores",
            "",
            *_scores(sessions),
            "",
            "## The most suspicious honest sessions",
            "",
            *_suspicious(honest),
            *_skipped(skipped),
            "",
        ]
    )


_BUDGET: Final = (
    "- No honest session is strong.\n"
    "- In each set, and in each first language of ten or more writers, at most 2 % of honest sessions are in review "
    "for mechanics and linearity.\n"
    "- Each rule is high on at most 0.3 % of the honest sessions that it judged."
)
_HEAD: Final = """# Evaluation on labelled sessions

Written by `keytrail evaluate` on {on}, analysis version {version}. Do not edit by hand.

{sessions:,} sessions of {writers:,} writers, {honest:,} of them honest (by {honest_writers:,} writers). Intervals are
exact (Clopper and Pearson), 95 %. Sessions of one writer are alike: use the interval by writers where it is wider.

- A rule counts only the sessions that it could judge.
- Rows of measures without a log are judged by `ghost_keys`, `machine_rhythm` and `linear_production` only.
- Sessions of people who copied a text out count as honest, except for `linear_production`.
- `linear_production` looks better than it is on sets that it was fitted on; [copying-model.md](copying-model.md) has
  held-out figures.
"""


def _head(sessions: Sequence[Judged], honest: Sequence[Judged], on: date) -> list[str]:
    return _HEAD.format(
        on=on.isoformat(),
        version=ANALYSIS_VERSION,
        sessions=len(sessions),
        writers=len({one.writer for one in sessions}),
        honest=len(honest),
        honest_writers=len({one.writer for one in honest}),
    ).split("\n")


def _counted(found: Alarms) -> str:
    low, high = found.interval.low, found.interval.high
    return f"{found.alarmed} of {found.sessions:,} ({low:.1%} to {high:.1%})"


def _by_writers(found: Alarms) -> str:
    low, high = found.writers_interval.low, found.writers_interval.high
    return f"{found.writers_alarmed} of {found.writers:,} ({low:.1%} to {high:.1%})"


def _verdicts(sessions: Sequence[Judged]) -> Iterator[str]:
    yield "| set | kind | strong | review | unverifiable | mechanics and linearity alone: any | writers with one |"
    yield "|---|---|---|---|---|---|---|"
    for name in datasets(sessions):
        for honest in (True, False):
            chosen = [one for one in sessions if one.dataset == name and one.honest is honest]
            if not chosen:
                continue
            rhythm = alarms(chosen, lambda one: in_rhythm(one).verdict in {Verdict.REVIEW, Verdict.STRONG})
            counts = [
                _counted(verdicts(chosen, verdict))
                for verdict in (Verdict.STRONG, Verdict.REVIEW, Verdict.UNVERIFIABLE)
            ]
            kind = "honest" if honest else "other"
            yield f"| {name} | {kind} | {' | '.join(counts)} | {_counted(rhythm)} | {_by_writers(rhythm)} |"


def _rules(rules: Sequence[RuleAlarms]) -> Iterator[str]:
    yield "| rule | set | fired | of these high | writers with one |"
    yield "|---|---|---|---|---|"
    for one in sorted(rules, key=lambda one: one.rule):
        yield f"| `{one.rule}` | {one.dataset} | {_counted(one.alarms)} | {one.high} | {_by_writers(one.alarms)} |"


def _groups(honest: Sequence[Judged]) -> Iterator[str]:
    yield "Review or strong for mechanics and linearity, honest sessions."
    yield f"Groups of at least {FEWEST_WRITERS} writers come first."
    yield ""
    yield "| set | group | sessions with one | writers with one |"
    yield "|---|---|---|---|"
    small = []
    for name in datasets(honest):
        chosen = [one for one in honest if one.dataset == name]
        for group, value in groups_of(chosen):
            members = [one for one in chosen if one.groups.get(group) == value]
            found = alarms(members, lambda one: in_rhythm(one).verdict in {Verdict.REVIEW, Verdict.STRONG})
            line = f"| {name} | {group.replace('_', ' ')}: {value} | {_counted(found)} | {_by_writers(found)} |"
            if found.writers >= FEWEST_WRITERS:
                yield line
            else:
                small.append(line)
    yield from small


def _scores(sessions: Sequence[Judged]) -> Iterator[str]:
    yield "All honest sessions against each set of others of at least ten."
    yield ""
    caught_at = " | ".join(f"caught at {rate:.1%} false alarms" for rate in _RATES)
    yield f"| score | others | honest | area under the curve | {caught_at} |"
    yield "|---|---|---|---|" + "---|" * len(_RATES)
    for score, name in _SCORES.items():
        honest = [one.scores[score] for one in sessions if one.honest and score in one.scores]
        for dataset in datasets(one for one in sessions if one.honest is False):
            other = [
                one.scores[score]
                for one in sessions
                if one.honest is False and one.dataset == dataset and score in one.scores
            ]
            if len(other) >= FEWEST_WRITERS and honest:
                area, caught = receiver_curve(honest, other, _RATES)
                shares = " | ".join(f"{one:.0%}" for one in caught)
                yield f"| {name} | {len(other)} {dataset} | {len(honest)} | {area:.3f} | {shares} |"


def _suspicious(honest: Sequence[Judged]) -> Iterator[str]:
    yield "| set | verdict | findings | likeness to copying out |"
    yield "|---|---|---|---|"
    ranked = sorted(honest, key=lambda one: (-one.score, -one.scores.get("copying", 0.0)))
    for one in ranked[:_SUSPICIOUS]:
        found = ", ".join(f"`{rule}` ({severity})" for rule, severity in one.fired.items()) or "none"
        likeness = one.scores.get("copying")
        yield f"| {one.dataset} | {one.verdict} | {found} | {'not judged' if likeness is None else f'{likeness:.2f}'} |"


def _skipped(skipped: Sequence[tuple[str, str]]) -> list[str]:
    if not skipped:
        return []
    return ["", "## Files that were not read", "", *(f"- {name}: {why}" for name, why in skipped)]

"""Write the evaluation page: counts as tables, from which no session, text or person can be identified."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from keytrail.evaluation.alarm_counts import FEWEST_WRITERS, datasets, receiver_curve
from keytrail.evaluation.alarm_tables import rule_table, rules_by_group, verdict_table, verdicts_by_group
from keytrail.evaluation.budget import broken
from keytrail.evaluation.judging import Judged
from keytrail.provenance import ANALYSIS_VERSION
from keytrail.provenance.formatting import percent

_RATES: Final = (0.003, 0.01, 0.02)
_SUSPICIOUS: Final = 10
_SCORES: Final = {"copying": "likeness to copying out", "evenness": "evenness of intervals"}


def page(sessions: Sequence[Judged], skipped: Sequence[tuple[str, str]], on: date) -> str:
    """Render the document; `skipped` are files with the reason why they were not read."""
    honest = [one for one in sessions if one.honest]
    problems = list(broken(sessions))
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
            *verdict_table(sessions),
            "",
            "## Rules, on honest sessions",
            "",
            *rule_table(honest),
            "",
            "## By group, on honest sessions",
            "",
            _BY_GROUP,
            "",
            *verdicts_by_group(honest),
            "",
            "Rules that are not listed for a group fired on none of its sessions.",
            "",
            *rules_by_group(honest),
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
_BY_GROUP: Final = (
    f"Groups of at least {FEWEST_WRITERS} writers, and for each kind of group all smaller ones together. A session "
    "counts in each\ngroup that is known of it."
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


def _scores(sessions: Sequence[Judged]) -> Iterator[str]:
    yield "All honest sessions against each set of others of at least ten."
    yield ""
    caught_at = " | ".join(f"caught at {percent(rate, 1)} false alarms" for rate in _RATES)
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
                shares = " | ".join(percent(one, 0) for one in caught)
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

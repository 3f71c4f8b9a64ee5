"""Profiles of simulated people: speed, regularity, hesitation. Parameters, not models of real persons."""

from dataclasses import dataclass, replace
from random import Random
from typing import Final


@dataclass(frozen=True)
class Person:
    """How a person types and composes. Times named `_ms` and `_s` are medians unless stated otherwise.

    The ranges follow published data on people writing English at a desktop keyboard: within-word intervals of 90-220
    ms, holds of 60-130 ms with some rollover, and 40-77 % of the time in pauses over two seconds.
    """

    name: str
    interval_ms: float = 140
    """Between keys within a word."""
    spread: float = 0.31
    """Standard deviation of the log interval within a word, before the letter pair is taken into account."""
    coupling: float = 1.0
    """How much the letter pair matters: 1 for a practised typist, near 0 for one who searches for each key."""
    hold_ms: float = 88
    slips: float = 0.024
    """Probability of a slip per letter."""
    plan_s: float = 7.0
    """Usual pause before a sentence, in seconds."""
    doubts: float = 0.14
    """Probability of a pause before a word."""
    doubt_s: float = 2.0
    repairs: float = 0.8
    """Changes of wording per sentence, made after it was first written."""
    restarts: float = 0.12
    """Probability that a sentence is begun, deleted and begun again."""
    looks: float = 0.55
    """Probability of a look at the item before a sentence."""
    leaves: float = 0.04
    """Probability of turning to another window before a sentence."""
    reading_wpm: float = 230
    pointer: float = 0.7
    """Probability that the pointer, not the arrow keys, moves the caret to a near position."""
    both_shifts: bool = True
    """Whether capitals use the Shift key of the other hand."""
    language: str = "en"
    """Of the keyboard and of first drafts."""


TEMPERS: Final = {
    "steady": Person("steady"),
    "quick": Person(
        "quick", interval_ms=104, spread=0.3, coupling=1.15, hold_ms=82, slips=0.035, plan_s=6, doubts=0.1, repairs=0.7,
    ),
    "slow": Person(
        "slow", interval_ms=205, spread=0.43, coupling=0.35, hold_ms=112, slips=0.018, plan_s=15, doubts=0.19,
        doubt_s=3, pointer=0.95, both_shifts=False, reading_wpm=170,
    ),
    "careful": Person(
        "careful", interval_ms=160, slips=0.012, plan_s=12, doubts=0.2, doubt_s=2.6, repairs=1.2, looks=0.85,
        reading_wpm=190,
    ),
    "rewriter": Person("rewriter", interval_ms=128, plan_s=7, repairs=1.7, restarts=0.35, pointer=0.85),
    "second language": Person(
        "second language", interval_ms=172, spread=0.36, coupling=0.85, hold_ms=96, slips=0.042, plan_s=13, doubts=0.24,
        doubt_s=2.8, repairs=1.4, restarts=0.3, looks=0.8, leaves=0.14, reading_wpm=140,
    ),
    "restless": Person(
        "restless", interval_ms=118, coupling=1.1, slips=0.04, plan_s=8, doubts=0.15, repairs=0.9, restarts=0.2,
        leaves=0.22, reading_wpm=290,
    ),
    "keyboard only": Person("keyboard only", interval_ms=110, spread=0.33, coupling=1.1, pointer=0.05, repairs=1.0),
}  # fmt: skip


def person(temper: str, seed: int) -> Person:
    """Return a person of this temper, with every parameter within about a quarter of the temper's own; the seed
    decides.

    Raises KeyError for a temper that is not in TEMPERS.
    """
    base = TEMPERS[temper]
    rng = Random(f"person {temper} {seed}")  # noqa: S311 -- simulation, and to be repeatable

    def about(value: float, low: float, high: float) -> float:
        return min(max(value * rng.lognormvariate(0, 0.12), low), high)

    return replace(
        base,
        name=f"{temper} {seed}",
        interval_ms=about(base.interval_ms, 94, 220),
        spread=about(base.spread, 0.28, 0.46),
        coupling=about(base.coupling, 0.2, 1.3),
        hold_ms=about(base.hold_ms, 66, 120),
        slips=about(base.slips, 0.004, 0.05),
        plan_s=about(base.plan_s, 4, 18),
        doubts=about(base.doubts, 0.06, 0.3),
        doubt_s=about(base.doubt_s, 1.5, 4),
        repairs=about(base.repairs, 0.2, 2),
        reading_wpm=about(base.reading_wpm, 120, 330),
    )

"""Find outliers in a cohort: submissions that took far less time, or were typed far more evenly, than others of the
item.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from keytrail.messages import message
from keytrail.provenance import Family, Finding, Severity
from keytrail.provenance.formatting import lasting, percent
from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Figures
from keytrail.provenance.rules.facts import UNITS_PER_WORD
from keytrail.provenance.rules.rule import Rule
from keytrail.synthetic.cross_submission.submissions import ComparedSubmission
from keytrail.text.cross_submission.cohort import SHARES, TIMES, LowEnd, Scale, low_end

COHORT_OUTLIER: Final = Rule(
    id="cohort_outlier",
    title="Quicker or more even than others on this item",
    for_worker=message(
        "You were quicker, or paused less, than almost all others with this text. In every study a few people are."
    ),
    family=Family.LINEARITY,
    severities=(Severity.INFO,),
    false_alarm=(
        "About one honest submission in fifty for either figure, by definition. Of typed Prolific sessions of 2023, "
        "all items taken together: 0 of 55 for time, 2 of 49 for pauses."
    ),
)
FEWEST_KEYS: Final = Limits().linear_words * UNITS_PER_WORD
"""Keys from which the pauses in typing are meaningful, as for `linear_production`."""


def cohort_outliers(compared: Mapping[int, ComparedSubmission]) -> list[tuple[int, Finding]]:
    """Return a finding for each submission below the 2nd percentile of its item, in time or in pauses."""
    items: dict[int, dict[int, ComparedSubmission]] = defaultdict(dict)
    for number, one in compared.items():
        items[one.item_id][number] = one
    found: dict[int, list[_Low]] = defaultdict(list)
    for cohort in items.values():
        for figure in (_TIME, _PAUSES):
            for low in figure.low_in(cohort):
                found[low.submission].append(low)
    return [(number, _finding(lows)) for number, lows in found.items()]


@dataclass(frozen=True)
class _Low:
    """A measure of one submission that is low."""

    submission: int
    explanation: str
    figures: Figures


@dataclass(frozen=True)
class _Figure:
    """A measure that is compared within an item, with its wording."""

    name: str
    scale: Scale
    of: Callable[[ComparedSubmission], float | None]
    explanation: str
    shown: Callable[[float], str]

    def low_in(self, cohort: Mapping[int, ComparedSubmission]) -> Iterator[_Low]:
        known = {number: value for number, one in cohort.items() if (value := self.of(one)) is not None}
        end = low_end(known, self.scale)
        if end is not None:
            yield from (self._low(number, known[number], end) for number in sorted(end.low))

    def _low(self, number: int, value: float, end: LowEnd) -> _Low:
        explanation = self.explanation.format(
            value=self.shown(value),
            members=end.members,
            middle=self.shown(end.middle),
            below=self.shown(end.below),
        )
        return _Low(
            number, explanation, {self.name: round(value, 4), f"{self.name}_2nd_percentile": round(end.below, 4)}
        )


_TIME = _Figure(
    "duration_ms",
    TIMES,
    lambda one: one.duration_ms,
    "It took {value}; half of {members} submissions about this item took over {middle}, nearly all over {below}.",
    lambda ms: lasting(round(ms)),
)
_PAUSES = _Figure(
    "pause_share",
    SHARES,
    lambda one: one.pause_share if one.keys >= FEWEST_KEYS else None,
    (
        "{value} of its typing time is pauses; half of {members} typed submissions about this item have over {middle}, "
        "nearly all over {below}."
    ),
    percent,
)


def _finding(lows: Sequence[_Low]) -> Finding:
    figures = {name: figure for low in lows for name, figure in low.figures.items()}
    return COHORT_OUTLIER.finding(
        severity=Severity.INFO,
        explanation=" ".join(low.explanation for low in lows),
        figures=figures,
    )

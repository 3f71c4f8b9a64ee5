"""Count the false alarms of a trained classifier on honest writers."""

from dataclasses import dataclass

from keytrail.models import TrainedModel
from keytrail.text.classifier.card import main_figures
from keytrail.text.prevalence.intervals import Interval, wilson


@dataclass(frozen=True)
class FalseAlarmCount:
    """At one threshold: held-out honest texts that read synthetic.

    `interval` is Wilson's at 95 %; `missed` and `synthetic` are the other error.
    """

    named_rate: float
    alarms: int
    people: int
    interval: Interval
    missed: int
    synthetic: int


def false_alarm_counts(model: TrainedModel | None) -> list[FalseAlarmCount]:
    """Return the counts at every threshold, the loosest first; none without a model."""
    if model is None:
        return []
    errors = main_figures(model.body["card"])["errors"]
    return [
        FalseAlarmCount(
            named_rate=float(rate),
            alarms=tally["people"] - tally["cleared"],
            people=tally["people"],
            interval=wilson(tally["people"] - tally["cleared"], tally["people"]),
            missed=tally["synthetic"] - tally["found"],
            synthetic=tally["synthetic"],
        )
        for rate, tally in sorted(errors.items(), key=lambda one: -float(one[0]))
    ]

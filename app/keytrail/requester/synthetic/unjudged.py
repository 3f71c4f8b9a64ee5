"""Unjudged texts: the causes, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keytrail.synthetic.prevalence.unjudged import UnjudgedCause
from keytrail.text.classifier.gates import SENTENCES, Reason

CAUSES: Mapping[UnjudgedCause, str] = {
    UnjudgedCause.NOT_ANALYSED: "The submission has not been analysed yet.",
    UnjudgedCause.NO_CLASSIFIER: "The study has no classifier.",
    UnjudgedCause.NOT_SCORED: "The study's classifier has not scored the text.",
    UnjudgedCause.TRAINED_ON: "The text's own log labelled it for the training, so it is no evidence here.",
} | {UnjudgedCause(reason.value): sentence for reason, sentence in SENTENCES.items()}


@dataclass(frozen=True)
class UnjudgedRow:
    """One cause with its number of texts. `key` tells the template which button helps."""

    key: str
    sentence: str
    number: int
    counts: str
    """How such texts count in estimates from texts."""


def unjudged_rows(found: Mapping[UnjudgedCause, int]) -> Sequence[UnjudgedRow]:
    """Return the causes in the order in which they can be resolved."""
    return [UnjudgedRow(cause.value, CAUSES[cause], number, _counts(cause)) for cause, number in found.items()]


def _counts(cause: UnjudgedCause) -> str:
    return "as not synthetic" if cause == UnjudgedCause(Reason.COPIED.value) else "left out"

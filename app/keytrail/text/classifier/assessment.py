"""The assessment of one text: the classifier's result."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from keytrail.text.classifier.gates import SENTENCES, Reason


class Outcome(StrEnum):
    """How a text reads; "LLM-like" is a likeness, not a finding about its author."""

    HUMAN_LIKE = "human_like"
    LLM_LIKE = "llm_like"
    UNSURE = "unsure"
    NOT_ASSESSABLE = "not_assessable"


class Basis(StrEnum):
    """The model that produced the result."""

    REFERENCES = "references"
    STYLE_ALONE = "style_alone"
    TRANSFORMER = "transformer"
    """A fine-tuned checkpoint, from the words only."""


NOTE_NO_REFERENCES = (
    "There are no references for this item (or fewer than five): style alone was judged, with a wider band of unsure. "
    "It is weaker: right on 93 % of texts about unseen items where references make it 96 % (docs/text.md)."
)
NOTE_TRANSFORMER = "A fine-tuned transformer judged the words, without references and with a wider band of unsure."
NOTE_TRAINED_ON = "This text was used in training; its score is that of a model which had not seen its item."


@dataclass(frozen=True)
class Assessment:
    """One text's outcome with the figures behind it."""

    outcome: Outcome
    probability: float | None
    """Probability that the text is synthetic at an even prior. None for an empty text."""
    basis: Basis
    false_alarm_rate: float
    """The false-alarm rate for which the threshold was learnt."""
    human_below: float
    llm_from: float
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...]
    words: int
    own_words: int
    """Words outside stretches of four or more that stand in the item."""
    reference_share: float | None
    """Of the three-word runs not in the item, the share found in ten references. None without references."""
    model_version: str

    @property
    def reads_synthetic(self) -> bool | None:
        """Return the text test for counting; None if it has no result.

        A text that is almost entirely copied from the item counts as not synthetic although its style cannot be
        assessed: leaving such texts out of a prevalence estimate would leave out people and hardly any language model.
        """
        if self.outcome is Outcome.NOT_ASSESSABLE:
            return False if self.reasons == (Reason.COPIED,) else None
        return self.outcome is Outcome.LLM_LIKE

    def as_json(self) -> dict[str, object]:
        """Return plain values for reports, exports and the API."""
        return {**asdict(self), "sentences": [*(SENTENCES[reason] for reason in self.reasons), *self.notes]}

"""A trained model: it scores texts, and is stored as plain JSON with its card."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keytrail.errors import BadRequest
from keytrail.text.classifier.assessment import (
    NOTE_NO_REFERENCES,
    NOTE_TRAINED_ON,
    NOTE_TRANSFORMER,
    Assessment,
    Basis,
    Outcome,
)
from keytrail.text.classifier.calibration import DEFAULT_RATE, FALSE_ALARM_RATES
from keytrail.text.classifier.card import model_card
from keytrail.text.classifier.corpus import Corpus, CorpusSource, mirrored, text_key
from keytrail.text.classifier.features import TextFeatures, read_features
from keytrail.text.classifier.gates import Reason, reasons_not_to_judge
from keytrail.text.classifier.samples import samples_of
from keytrail.text.classifier.training import CalibratedScorer, train_scorers
from keytrail.text.items import ItemProfile
from keytrail.text.prevalence.corrected import Counted, ErrorCounts

_BASIS_NOTES = {Basis.STYLE_ALONE: (NOTE_NO_REFERENCES,), Basis.TRANSFORMER: (NOTE_TRANSFORMER,)}


@dataclass(frozen=True)
class TextModel:
    """The calibrated scorers of one training, with and (always) without references; a transformer needs none."""

    version: str
    with_references: CalibratedScorer | None
    without_references: CalibratedScorer
    card: Mapping[str, Any]
    own_study_keys: frozenset[str] = frozenset()
    """Fingerprints of the study's own sessions that were trained on. Leave them out wherever the classifier is compared
    with the log (two-test estimate, error rates), or the same evidence counts twice."""

    def assess(self, text: str, item: ItemProfile, false_alarm_rate: float = DEFAULT_RATE) -> Assessment:
        """Assess one text. `false_alarm_rate` is one of `FALSE_ALARM_RATES`; raises BadRequest otherwise."""
        if false_alarm_rate not in FALSE_ALARM_RATES:
            raise BadRequest(f"Choose a false-alarm rate among {', '.join(map(str, FALSE_ALARM_RATES))}.")
        features = read_features(text, item)
        scorer = self._scorer_for(item)
        probability, known = scorer.probability(features, text_key(text))
        reasons = reasons_not_to_judge(features, item)
        human_below, llm_from = scorer.thresholds.band(false_alarm_rate)
        return Assessment(
            outcome=_outcome(probability, human_below, llm_from, reasons),
            probability=probability if features.words else None,
            basis=scorer.basis,
            false_alarm_rate=false_alarm_rate,
            human_below=human_below,
            llm_from=llm_from,
            reasons=reasons,
            notes=_notes(scorer.basis, known=known),
            words=len(features.words),
            own_words=len(features.own_words),
            reference_share=_reference_share(features) if item.reference_count else None,
            model_version=self.version,
        )

    def error_counts(self, basis: Basis, false_alarm_rate: float) -> ErrorCounts:
        """Return sensitivity and specificity on whole held-out lab texts, for the corrected prevalence.

        Field rates differ: count them on submissions labelled by their logs as soon as there are enough.
        Raises BadRequest if the model was not evaluated at this rate.
        """
        scorer = self.with_references if basis is Basis.REFERENCES else self.without_references
        if scorer is None or false_alarm_rate not in scorer.errors:
            raise BadRequest("The model has no error rates for this.")
        tally = scorer.errors[false_alarm_rate]
        return ErrorCounts(
            Counted(tally.found, tally.synthetic),
            Counted(tally.cleared, tally.people),
            "training texts, by item held out",
        )

    def features(self, text: str, item: ItemProfile) -> TextFeatures:
        """Return the features of a text, for explanations and tests."""
        return read_features(text, item)

    def trained_on_own(self, text: str) -> bool:
        """Return whether this text was trained on with a label from its own log."""
        return text_key(text) in self.own_study_keys

    def _scorer_for(self, item: ItemProfile) -> CalibratedScorer:
        if item.has_references and self.with_references is not None:
            return self.with_references
        return self.without_references


def train_model(corpus: Corpus, *, seed: int = 0) -> TextModel:
    """Train on a corpus; the same corpus and seed give the same model. Raises BadRequest if there is too little."""
    scorers = train_scorers(samples_of(corpus, seed), samples_of(mirrored(corpus), seed), seed=seed)
    card = model_card(corpus, scorers, seed)
    return TextModel(card["version"], scorers.get(True), scorers[False], card, own_study_keys(corpus))


def own_study_keys(corpus: Corpus) -> frozenset[str]:
    """Fingerprints of the corpus' texts that were labelled by their own logs."""
    return frozenset(text_key(text.text) for text in corpus.texts if text.source is CorpusSource.OWN_STUDY)


def _reference_share(features: TextFeatures) -> float:
    """Return the share of the longest n-grams found in ten references, averaged over both halves."""
    return (features.references.shares[-1] + features.mirror_references.shares[-1]) / 2


def _outcome(probability: float, human_below: float, llm_from: float, reasons: tuple[Reason, ...]) -> Outcome:
    if reasons:
        return Outcome.NOT_ASSESSABLE
    if probability >= llm_from:
        return Outcome.LLM_LIKE
    return Outcome.HUMAN_LIKE if probability < human_below else Outcome.UNSURE


def _notes(basis: Basis, *, known: bool) -> tuple[str, ...]:
    notes = _BASIS_NOTES.get(basis, ())
    return (*notes, NOTE_TRAINED_ON) if known else notes

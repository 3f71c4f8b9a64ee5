"""Evaluate the classifier on unseen items: five folds by item, three repeats, with trivial baselines."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass

from keytrail.text.classifier.augment import first_words
from keytrail.text.classifier.baselines import BASELINES, fit_baseline
from keytrail.text.classifier.calibration import FALSE_ALARM_RATES
from keytrail.text.classifier.corpus import Corpus, Label, TrainingText, build_corpus, mirrored
from keytrail.text.classifier.features import TextFeatures, read_features
from keytrail.text.classifier.metrics import Figures, figures_of
from keytrail.text.classifier.samples import SampleKind, profiles_of, samples_of
from keytrail.text.classifier.training import FOLDS, CalibratedScorer, assign_folds, train_scorers

REPEATS = 3
FIRST_WORDS = 80
NAMES = {True: "references", False: "style alone"}


@dataclass(frozen=True)
class Evaluation:
    """Figures over all folds and repeats, by model ("references", "style alone", "length", "typography")."""

    folds: int
    repeats: int
    whole: dict[str, Figures]
    """By model, on whole texts of items that the model was not trained on."""
    beginnings: dict[str, Figures]
    """On the first 80 words only, by the models trained as usual."""
    rates: dict[str, dict[float, tuple[float, float]]]
    """By model and nominal false-alarm rate: measured false alarms among people's texts, and recall."""
    extract_alarms: dict[str, dict[float, float]]
    """By model and nominal rate: share of extracts of unseen items classified as synthetic."""

    def as_json(self) -> dict[str, object]:
        """Return plain values for reports."""
        return asdict(self)


@dataclass(frozen=True)
class _Prediction:
    model: str
    synthetic: bool
    probability: float
    flagged: tuple[bool, ...] = ()


class _Record:
    """Predictions collected over folds and repeats."""

    def __init__(self) -> None:
        self.whole: list[_Prediction] = []
        self.beginnings: list[_Prediction] = []
        self.extracts: list[_Prediction] = []

    def figures(self, predictions: Sequence[_Prediction]) -> dict[str, Figures]:
        return {
            model: figures_of([p.probability for p in chosen], [p.synthetic for p in chosen])
            for model, chosen in _by_model(predictions).items()
        }


def evaluate(
    items: Mapping[str, str],
    human: Sequence[TrainingText],
    generated: Mapping[str, Sequence[str]],
    *,
    folds: int = FOLDS,
    repeats: int = REPEATS,
    seed: int = 0,
) -> Evaluation:
    """Run a nested grouped cross-validation.

    Each repeat splits the generations anew into references and examples and the items into folds. Calibration and
    thresholds are learnt inside the training items of a fold, so nothing of a tested item is ever seen before.
    """
    record = _Record()
    for repeat in range(seed, seed + repeats):
        trial = _Trial(build_corpus(items, human, generated, seed=repeat), repeat)
        fold_of = assign_folds(list(items), folds, repeat)
        for fold in range(folds):
            trial.run({item for item in items if fold_of[item] == fold}, record)
    return Evaluation(
        folds,
        repeats,
        record.figures(record.whole),
        record.figures(record.beginnings),
        {model: _rates(chosen) for model, chosen in _by_model(record.whole).items() if chosen[0].flagged},
        {
            model: {rate: _share(chosen, place) for place, rate in enumerate(FALSE_ALARM_RATES)}
            for model, chosen in _by_model(record.extracts).items()
        },
    )


class _Trial:
    """One repeat: a corpus read once, and tested fold by fold."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        self._texts = corpus.texts
        self._seed = seed
        self._samples = samples_of(corpus, seed)
        self._mirror = samples_of(mirrored(corpus), seed)
        profiles = profiles_of(corpus)
        self._beginnings = [
            read_features(first_words(text.text, FIRST_WORDS), profiles[text.item_id]) for text in corpus.texts
        ]

    def run(self, tested: AbstractSet[str], record: _Record) -> None:
        """Train on the other items and record predictions for the tested ones."""
        sides = ([s for s in side if s.item_id not in tested] for side in (self._samples, self._mirror))
        scorers = train_scorers(*sides, folds=FOLDS, seed=self._seed)
        inside = [sample for sample in self._samples if sample.item_id in tested]
        for with_references, scorer in scorers.items():
            name = NAMES[with_references]
            for sample in inside:
                if sample.kind in {SampleKind.WHOLE, SampleKind.EXTRACT}:
                    target = record.whole if sample.kind is SampleKind.WHOLE else record.extracts
                    target.append(_predict(name, scorer, sample.features, synthetic=sample.synthetic))
            for text, features in zip(self._texts, self._beginnings, strict=True):
                if text.item_id in tested:
                    record.beginnings.append(_predict(name, scorer, features, synthetic=text.label is Label.LLM))
        self._run_baselines(tested, record)

    def _run_baselines(self, tested: AbstractSet[str], record: _Record) -> None:
        training = [text for text in self._texts if text.item_id not in tested]
        testing = [text for text in self._texts if text.item_id in tested]
        for name, measure in BASELINES.items():
            fitted = fit_baseline(measure, [t.text for t in training], [t.label is Label.LLM for t in training])
            for text in testing:
                synthetic = text.label is Label.LLM
                record.whole.append(_Prediction(name, synthetic, fitted(text.text)))
                record.beginnings.append(_Prediction(name, synthetic, fitted(first_words(text.text, FIRST_WORDS))))


def _predict(name: str, scorer: CalibratedScorer, features: TextFeatures, *, synthetic: bool) -> _Prediction:
    probability = scorer.platt.probability(scorer.score(features))
    bounds = scorer.thresholds.synthetic_from
    return _Prediction(name, synthetic, probability, tuple(probability >= bounds[rate] for rate in FALSE_ALARM_RATES))


def _by_model(predictions: Sequence[_Prediction]) -> dict[str, list[_Prediction]]:
    grouped: dict[str, list[_Prediction]] = defaultdict(list)
    for prediction in predictions:
        grouped[prediction.model].append(prediction)
    return dict(grouped)


def _rates(predictions: Sequence[_Prediction]) -> dict[float, tuple[float, float]]:
    people = [prediction for prediction in predictions if not prediction.synthetic]
    synthetic = [prediction for prediction in predictions if prediction.synthetic]
    return {rate: (_share(people, place), _share(synthetic, place)) for place, rate in enumerate(FALSE_ALARM_RATES)}


def _share(predictions: Sequence[_Prediction], place: int) -> float:
    return sum(prediction.flagged[place] for prediction in predictions) / len(predictions)

"""The linear scorer: logistic regression over class n-grams and a few numeric features, as plain data."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log, sqrt

import numpy as np
from scipy.sparse import csr_matrix, hstack

from keytrail.text.classifier.assessment import Basis
from keytrail.text.classifier.features import Floats, TextFeatures
from keytrail.text.classifier.learning import Example
from keytrail.text.words.delexicalise import class_runs
from keytrail.text.words.vocabulary import FUNCTION_WORDS

INVERSE_REGULARISATION = 10.0
"""Any value from 3 to 100 did equally well on held-out items."""
DENSE_SCALE = 0.1
"""Size of one standard deviation of a numeric feature beside a unit vector of some hundred class n-grams. A larger
value lets patterns that exist only in the lab win over style."""
_DENSE_LIMIT = 3.0
_FEWEST_TEXTS = 3
_GENERAL_SHARE = 0.5
_FEWEST_GENERAL_ITEMS = 5


@dataclass(frozen=True)
class LinearScorer:
    """Weights of one fitted model; a score above 0 leans to synthetic, but only calibration gives it a meaning."""

    with_references: bool
    general_words: frozenset[str]
    weights: Mapping[str, float]
    rarity: Mapping[str, float]
    dense_mean: tuple[float, ...]
    dense_spread: tuple[float, ...]
    dense_weights: tuple[float, ...]
    intercept: float

    @property
    def basis(self) -> Basis:
        """The kind of model."""
        return Basis.REFERENCES if self.with_references else Basis.STYLE_ALONE

    def score(self, features: TextFeatures) -> float:
        """Return log odds before calibration, for one text."""
        values = {
            run: (1.0 + log(count)) * self.rarity[run]
            for run, count in class_runs(features.own, self.general_words).items()
            if run in self.rarity
        }
        norm = sqrt(sum(value * value for value in values.values())) or 1.0
        sparse = sum(value * self.weights[run] for run, value in values.items()) / norm
        dense = _scaled(np.array([features.dense(with_references=self.with_references)]), self._scaling())
        return float(self.intercept + sparse + dense[0] @ np.array(self.dense_weights))

    def _scaling(self) -> tuple[Floats, Floats]:
        return np.array(self.dense_mean), np.array(self.dense_spread)


def fit_scorer(examples: Sequence[Example], *, with_references: bool) -> LinearScorer:
    """Fit one model; the same examples give the same model."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 -- loaded by training alone, not by every command

    general = general_words(examples)
    counted = [class_runs(example.features.own, general) for example in examples]
    rarity = _rarities(counted)
    columns = {run: column for column, run in enumerate(rarity)}
    sparse = _sparse(counted, columns, np.array(list(rarity.values())))
    dense = np.array([example.features.dense(with_references=with_references) for example in examples])
    scaling = dense.mean(axis=0), dense.std(axis=0) + 1e-9
    fit = LogisticRegression(C=INVERSE_REGULARISATION, class_weight="balanced", solver="liblinear").fit(
        hstack([sparse, csr_matrix(_scaled(dense, scaling))]).tocsr(), [example.synthetic for example in examples]
    )
    weights = [float(weight) for weight in fit.coef_[0]]
    return LinearScorer(
        with_references,
        general,
        dict(zip(columns, weights, strict=False)),
        rarity,
        tuple(map(float, scaling[0])),
        tuple(map(float, scaling[1])),
        tuple(weights[len(columns) :]),
        float(fit.intercept_[0]),
    )


def general_words(examples: Iterable[Example]) -> frozenset[str]:
    """Return content words used about at least half of the items (and five): words of the genre, not of a topic."""
    items = defaultdict(set)
    for example in examples:
        for token in set(example.features.tokens):
            items[token].add(example.item_id)
    everything = len(set().union(*items.values()))
    enough = max(_FEWEST_GENERAL_ITEMS, ceil(_GENERAL_SHARE * everything))
    return frozenset(token for token, used in items.items() if len(used) >= enough) - FUNCTION_WORDS


def _rarities(counted: Sequence[Counter[str]]) -> dict[str, float]:
    """Return the smoothed inverse document frequency of the n-grams in at least three texts."""
    frequency = Counter(run for counts in counted for run in counts)
    total = len(counted)
    return {
        run: float(np.log((1 + total) / (1 + texts)) + 1)
        for run, texts in sorted(frequency.items())
        if texts >= _FEWEST_TEXTS
    }


def _sparse(counted: Sequence[Counter[str]], columns: Mapping[str, int], rarity: Floats) -> csr_matrix:
    """Return sublinear counts times inverse document frequency, each row of length one."""
    rows, places, values = [], [], []
    for row, counts in enumerate(counted):
        for run, count in counts.items():
            if run in columns:
                rows.append(row)
                places.append(columns[run])
                values.append(count)
    weighted = (1.0 + np.log(np.array(values, dtype=float))) * rarity[places]
    norms = np.sqrt(np.bincount(rows, weights=weighted**2, minlength=len(counted)))
    norms[norms == 0] = 1.0
    return csr_matrix((weighted / norms[rows], (rows, places)), shape=(len(counted), len(columns)))


def _scaled(dense: Floats, scaling: tuple[Floats, Floats]) -> Floats:
    mean, spread = scaling
    return np.clip((dense - mean) / spread, -_DENSE_LIMIT, _DENSE_LIMIT) * DENSE_SCALE

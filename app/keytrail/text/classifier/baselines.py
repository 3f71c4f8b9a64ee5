"""Trivial baseline models: length only, and typography only.

Both leak in the lab (2018 texts are longer and have stray spaces) and are useless in the field. They are always
reported beside the model, to show which figures a trivial model reaches.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np

_SPACE_BEFORE_MARK = re.compile(r"\s[,.;:!?]")
_MISSING_SPACE = re.compile(r"[a-z][.,;][A-Z]")
_DOUBLE_SPACE = re.compile(r"[^\S\n]{2,}")
_TYPOGRAPHIC = re.compile("[\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0]")
_ENTITY = re.compile(r"&#?\w+;")

Measure = Callable[[str], list[float]]


def length_figures(text: str) -> list[float]:
    """Return log words and log characters."""
    return [float(np.log1p(len(text.split()))), float(np.log1p(len(text)))]


def typography_figures(text: str) -> list[float]:
    """Return stray and missing spaces, typographic marks, entities, line ends and capitals per hundred characters."""
    patterns = (_SPACE_BEFORE_MARK, _MISSING_SPACE, _DOUBLE_SPACE, _TYPOGRAPHIC, _ENTITY)
    per_hundred = 100 / max(1, len(text))
    counts = [len(pattern.findall(text)) for pattern in patterns]
    counts += [text.count("\n"), sum(character.isupper() for character in text), len(text) - len(text.rstrip())]
    return [count * per_hundred for count in counts]


BASELINES: dict[str, Measure] = {"length": length_figures, "typography": typography_figures}


def fit_baseline(measure: Measure, texts: Sequence[str], synthetic: Sequence[bool]) -> Callable[[str], float]:
    """Fit a logistic regression on one measure; returns a function from text to probability."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 -- loaded by training alone, not by every command
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    model = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced"))
    model.fit(np.array([measure(text) for text in texts]), list(synthetic))
    return lambda text: float(model.predict_proba(np.array([measure(text)]))[0, 1])

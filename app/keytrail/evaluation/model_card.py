"""Write the module of coefficients and the model card from a fit of the linearity model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from keytrail.evaluation.linearity_model import Fit
from keytrail.evaluation.tables import MeasuredRow
from keytrail.provenance import Limits
from keytrail.provenance.formatting import percent
from keytrail.provenance.rules.copying import INPUTS, terms
from keytrail.provenance.rules.linearity import looks_copied
from keytrail.text.prevalence.intervals import exact

_LIMITS: Final = Limits()

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """The training sessions with their likeness by models that did not see their writer, and by the final one."""

    rows: Sequence[MeasuredRow]
    held_out: Array
    fitted: Array
    weights: Array
    on: date


def figures_module(fit: Fit) -> str:
    """Return the source of provenance/rules/copying_figures.py."""

    def numbers(values: Array) -> str:
        return "(\n" + "".join(f"    {value:.6f},\n" for value in values) + ")"

    return f'''"""Coefficients of the likeness to copying out (copying.py).

Written by `python -m keytrail.evaluation.fitting`.

The card is docs/copying-model.md. The first four have one value for each input.
"""

from typing import Final

LOWEST: Final = {numbers(fit.lowest)}
HIGHEST: Final = {numbers(fit.highest)}
CENTRES: Final = {numbers(fit.centres)}
SCALES: Final = {numbers(fit.scales)}
INTERCEPT: Final = {fit.intercept:.6f}
WEIGHTS: Final = {numbers(fit.weights)}
"""For each input, then for each product of two of the first five (combinations_with_replacement)."""
'''


def card(outcome: Fitted) -> str:
    """Return the text of docs/copying-model.md."""
    unseen, seen = (_auc(outcome.rows, scores) for scores in (outcome.held_out, outcome.fitted))
    return _CARD.format(
        date=outcome.on.isoformat(),
        threshold=_LIMITS.linear_likeness,
        deleted=percent(_LIMITS.linear_deleted_share, 0),
        paused=percent(_LIMITS.linear_pause_share, 0),
        words=_LIMITS.linear_words,
        auc=unseen,
        auc_fitted=seen,
        sets="\n".join(_set_lines(outcome)),
        thresholds="\n".join(_threshold_lines(outcome)),
        weights="\n".join(_weight_lines(outcome)),
    )


def _auc(rows: Sequence[MeasuredRow], scores: Array) -> float:
    return float(roc_auc_score([not row.honest for row in rows], scores))


def _fires(outcome: Fitted, scores: Array, threshold: float) -> NDArray[np.bool_]:
    limits = Limits(linear_likeness=threshold)
    return np.array(
        [looks_copied(float(one), row.measures, limits) for one, row in zip(scores, outcome.rows, strict=True)]
    )


def _set_lines(outcome: Fitted) -> Iterator[str]:
    fires = _fires(outcome, outcome.held_out, _LIMITS.linear_likeness)
    fitted = _fires(outcome, outcome.fitted, _LIMITS.linear_likeness)
    names = np.array([row.dataset for row in outcome.rows])
    for name in dict.fromkeys(names):
        chosen = names == name
        interval = exact(int(fires[chosen].sum()), int(chosen.sum()))
        writers = {row.writer for row, one in zip(outcome.rows, chosen, strict=True) if one}
        alarmed = {row.writer for row, one in zip(outcome.rows, chosen & fires, strict=True) if one}
        kind = "composed" if outcome.rows[int(np.argmax(chosen))].honest else "copied"
        yield (
            f"| {name} | {kind} | {chosen.sum()} | {len(writers)} | {fires[chosen].sum()} "
            f"({percent(interval.low, 1)} to {percent(interval.high, 1)}) | {len(alarmed)} | {fitted[chosen].sum()} |"
        )


def _threshold_lines(outcome: Fitted) -> Iterator[str]:
    names = np.array([row.dataset for row in outcome.rows])
    for threshold in (0.5, 0.6, 0.7, 0.74, 0.8, 0.85, 0.9):
        fires = _fires(outcome, outcome.held_out, threshold)
        shares = " | ".join(percent(float(fires[names == name].mean()), 1) for name in dict.fromkeys(names))
        yield f"| {threshold} | {shares} |"


def _weight_lines(outcome: Fitted) -> Iterator[str]:
    pairs = list(INPUTS)
    first = INPUTS[:5]
    pairs += [f"{one} x {two}" for at, one in enumerate(first) for two in first[at:]]
    assert len(pairs) == len(terms([0.0] * len(INPUTS)))  # noqa: S101 - the same order as copying.terms
    for name, weight in zip(pairs, outcome.weights, strict=True):
        yield f"| {name} | {weight:+.2f} |"


_CARD: Final = """# Model card: likeness to copying out

Written by `python -m keytrail.evaluation.fitting FOLDER` on {date}. Do not edit by hand.

**What it is.** A logistic regression on stored measures of a session (pauses, speed, erased text, text written away
from the end). It distinguishes essays that people composed from essays that people copied out. The rule
`linear_production` fires from a likeness of {threshold} on, if less than {deleted} of what was typed was erased and
less than {paused} of the time was spent in pauses over 2 s. Without these two conditions, slow typists who compose
with few corrections would look the same. The finding is never more than review, and the report shows the likeness
beside the measures themselves.

**What it is not.** It does not know why somebody typed evenly. Planning on paper or in one's head, writing from notes,
or translating one's own text looks like copying out. Some people look like that in most of their sessions; compare the
writer's other texts.

**When it does not apply** (the report says so): fewer than {words} typed words, touch screens, input methods, text that
may have been dictated.

**Training data** (public logs, or measures derived from them):

- 250 composed essays and the same 250 copied out by other people (Inputlog features; Crossley, Tian, Holmes, Morris,
  Choi 2024, CC0);
- 775 sessions of 31 crowd writers of CoAuthor (Lee, Liang, Yang 2022), once with the time in which they waited for a
  suggestion and once without it (an upper bound for their speed);
- 50 essays by students whose first language is not English (Tian, Kim, Crossley 2024, MIT);
- the summaries that Prolific workers typed in 2023 and that the authors' classifier called human (Veselovsky et al.
  2023, MIT; logs of keys alone).

Each writer weighs the same within a set. Sessions of fewer than {words} words are left out.

## Held-out writers and essays

Ten folds, three times, split by writer and by essay: no model saw another session of a writer it judged, nor the other
version of an essay. Exact 95 % intervals by session; sessions of one writer are alike, so the number of writers
matters more.

| set | kind | sessions | writers | over the threshold (95 %) | writers with one | final model, not held out |
|---|---|---|---|---|---|---|
{sets}

Area under the curve {auc:.3f} held out, {auc_fitted:.3f} on the training data.

## Why this threshold

Share over each threshold, held out, in the order of the table above:

| threshold | crowd, waits kept | crowd, waits cut | composed | transcribed | second-language | Prolific 2023 |
|---|---|---|---|---|---|---|
{thresholds}

At the threshold about three quarters of the copied essays are over it. Every honest set is then below 1 %, except
crowd writing without its waits, which is an upper bound for speed: about 2 %, all from a few of 31 writers. Copies that
are exempt because of their pauses are all by people who type fewer than 12 words a minute.

## Coefficients

Inputs are logarithms (log odds for the share of pauses), clipped to the 0.5th and 99.5th percentile of the training
data and standardised. A missing pause before sentences, or a missing share away from the end, is replaced by the mean.
Ridge penalty, fixed seeds.

| term | weight |
|---|---|
{weights}
"""

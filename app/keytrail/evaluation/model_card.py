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
from keytrail.provenance.rules.copying import CROSSED, INPUTS
from keytrail.provenance.rules.linearity import looks_copied
from keytrail.text.prevalence.intervals import exact

_LIMITS: Final = Limits()
_SLOW_WPM: Final = 12

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """The training sessions with their likeness by models that did not see their writer, and by the final one.

    `held_out` has one line per division of the writers.
    """

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
"""For each input, then for each product of two of the first four (combinations_with_replacement)."""
'''


def card(outcome: Fitted) -> str:
    """Return the text of docs/copying-model.md."""
    unseen = float(np.mean([_auc(outcome.rows, scores) for scores in outcome.held_out]))
    return _CARD.format(
        date=outcome.on.isoformat(),
        threshold=_LIMITS.linear_likeness,
        deleted=percent(_LIMITS.linear_deleted_share, 0),
        paused=percent(_LIMITS.linear_pause_share, 0),
        words=_LIMITS.linear_words,
        auc=unseen,
        auc_fitted=_auc(outcome.rows, outcome.fitted),
        sets="\n".join(_set_lines(outcome)),
        thresholds="\n".join(_threshold_lines(outcome)),
        slow_wpm=_SLOW_WPM,
        exempt=len(_paused(outcome)),
        slow=sum(row.measures["words_per_minute"] < _SLOW_WPM for row in _paused(outcome)),
        weights="\n".join(_weight_lines(outcome)),
    )


def _auc(rows: Sequence[MeasuredRow], scores: Array) -> float:
    return float(roc_auc_score([not row.honest for row in rows], scores))


def _paused(outcome: Fitted) -> list[MeasuredRow]:
    """Copied sessions with so long pauses that the rule does not apply."""
    copied = [row for row in outcome.rows if not row.honest]
    return [row for row in copied if row.measures["pause_share"] >= _LIMITS.linear_pause_share]


def _fires(outcome: Fitted, scores: Array, threshold: float) -> NDArray[np.bool_]:
    limits = Limits(linear_likeness=threshold)
    return np.array(
        [looks_copied(float(one), row.measures, limits) for one, row in zip(scores, outcome.rows, strict=True)]
    )


def _set_lines(outcome: Fitted) -> Iterator[str]:
    unseen = [_fires(outcome, scores, _LIMITS.linear_likeness) for scores in outcome.held_out]
    fitted = _fires(outcome, outcome.fitted, _LIMITS.linear_likeness)
    names = np.array([row.dataset for row in outcome.rows])
    writers = np.array([row.writer for row in outcome.rows])
    for name in dict.fromkeys(names):
        chosen = names == name
        counts = [int(fires[chosen].sum()) for fires in unseen]
        interval = exact(round(float(np.mean(counts))), int(chosen.sum()))
        alarmed = np.mean([len(set(writers[chosen & fires])) for fires in unseen])
        kind = "composed" if outcome.rows[int(np.argmax(chosen))].honest else "copied"
        yield (
            f"| {name} | {kind} | {chosen.sum()} | {len(set(writers[chosen]))} | {np.mean(counts):.1f} "
            f"({min(counts)} to {max(counts)}) | {percent(float(np.mean(counts)) / chosen.sum(), 1)} "
            f"({percent(interval.low, 1)} to {percent(interval.high, 1)}) | {alarmed:.1f} | {fitted[chosen].sum()} |"
        )


def _threshold_lines(outcome: Fitted) -> Iterator[str]:
    names = np.array([row.dataset for row in outcome.rows])
    for threshold in (0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9):
        fires = np.mean([_fires(outcome, scores, threshold) for scores in outcome.held_out], axis=0)
        shares = " | ".join(percent(float(fires[names == name].mean()), 1) for name in dict.fromkeys(names))
        yield f"| {threshold} | {shares} |"


def _weight_lines(outcome: Fitted) -> Iterator[str]:
    named = [*INPUTS, *(f"{INPUTS[one]} x {INPUTS[two]}" for one, two in CROSSED)]
    for name, weight in zip(named, outcome.weights, strict=True):
        yield f"| {name} | {weight:+.2f} |"


_CARD: Final = """# Model card: likeness to copying out

Written by `python -m keytrail.evaluation.fitting FOLDER` on {date}. Do not edit by hand.

**What it is.** A logistic regression on stored measures of a session (pauses, speed, erased text, text written away
from the end). It distinguishes essays that people composed from essays that people copied out. The rule
`linear_production` fires from a likeness of {threshold} on, if less than {deleted} of what was typed was erased and
less than {paused} of the time was spent in pauses over 2 s. Without the second condition, slow typists who compose with
few corrections would look the same. The first decides nothing in these data: it protects whoever erases more than
anybody did who copied. The finding is never more than review, and the report shows the likeness beside the measures
themselves.

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

Each writer weighs the same within a set. Sessions of fewer than {words} words are left out. The crowd sessions without
their waits weigh most, because the fastest honest writers are there.

## Held-out writers and essays

The writers and essays are divided into ten parts, ten times; each part is judged by a model fitted on the other nine:
no model saw another session of a writer it judged, nor the other version of an essay. Means over the ten divisions,
with the least and the most in brackets. Exact 95 % intervals by session; sessions of one writer are alike, so the
number of writers matters more.

| set | kind | sessions | writers | over the threshold | share (95 %) | writers with one | final model, not held out |
|---|---|---|---|---|---|---|---|
{sets}

Area under the curve {auc:.3f} held out, {auc_fitted:.3f} on the training data.

## Why this threshold

Share over each threshold, held out, in the order of the table above:

| threshold | crowd, waits kept | crowd, waits cut | composed | transcribed | second-language | Prolific 2023 |
|---|---|---|---|---|---|---|
{thresholds}

At the threshold about three quarters of the copied essays are over it. Of the crowd sessions without their waits, an
upper bound for speed, two thirds of those over it are by one of the 31 writers; every other honest set is below 1 %. A
threshold of 0.55 would reach 2 % there, and a false accusation is worse than a miss.

{exempt} of the copied essays are exempt because of their pauses, {slow} of them typed at fewer than {slow_wpm} words a
minute. Two of the 44 Prolific workers compose at the same pace, and nothing but this condition tells them from people
who copy.

Which inputs, products, weights and bounds were compared, and how, is in
[decision 26](decisions/0026-model-of-copying-out.md).

## Coefficients

Inputs are logarithms (log odds for the share of pauses), limited to the range of the training data and standardised.
Only the measures of time are multiplied with each other. A missing pause before sentences, or a missing share away from
the end, is replaced by the mean. Ridge penalty, fixed seeds.

| term | weight |
|---|---|
{weights}
"""

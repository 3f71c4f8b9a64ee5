"""Gibbs sampler of the two-test model, for many data sets at once.

Hui and Walter (1980) with Beta priors (Johnson, Gastwirth, Pearson 2001): every submission of population s is by a
language model with probability `prevalence[s]`; test t detects it with probability `sensitivity[t]`, and calls another
with probability `1 - specificity[t]`, independently given the truth. The truth is the missing datum: both steps are
draws from standard distributions, so nothing needs tuning.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keytrail.text.prevalence.intervals import Floats

Counts = NDArray[np.int64]
TESTS = 2


@dataclass(frozen=True, slots=True)
class Beta:
    """A Beta prior with the weight of `alpha` previous cases for and `beta` against; 1 and 1 is flat."""

    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        """The expectation of the distribution, from 0 to 1."""
        return self.alpha / (self.alpha + self.beta)

    def log_density(self, rates: Floats) -> Floats:
        """Return the log density up to a constant."""
        held = np.clip(rates, 1e-12, 1 - 1e-12)
        return np.asarray((self.alpha - 1) * np.log(held) + (self.beta - 1) * np.log(1 - held))


@dataclass(frozen=True, slots=True)
class Priors:
    """The priors of all rates; tests in the order log, text."""

    prevalence: Beta
    sensitivity: tuple[Beta, Beta]
    specificity: tuple[Beta, Beta]


@dataclass(frozen=True)
class State:
    """The rates of each data set (or chain), or draws of them with the draw as an axis before."""

    prevalence: Floats
    """(draws x) sets x populations"""
    sensitivity: Floats
    """(draws x) sets x tests"""
    specificity: Floats


def sample(counts: Counts, priors: Priors, *, draws: int, warm_up: int, seed: int) -> State:
    """Draw from the posterior of each data set.

    `counts` has the axes set, population, log test (no, yes), text test (no, yes). Repeating one data set along the
    first axis gives independent chains; they start at random draws from the prior.
    """
    random = np.random.default_rng(seed)
    sets, populations = counts.shape[:2]
    nothing = np.zeros((sets, TESTS))
    state = State(
        _draw(random, priors.prevalence, np.zeros((sets, populations)), np.zeros((sets, populations))),
        _per_test(random, priors.sensitivity, nothing, nothing),
        _per_test(random, priors.specificity, nothing, nothing),
    )
    after_warm_up = State(
        np.empty((draws, sets, populations)), np.empty((draws, sets, TESTS)), np.empty((draws, sets, TESTS))
    )
    for step in range(-warm_up, draws):
        state = _swapped(random, _swept(random, counts, state, priors), priors)
        if step >= 0:
            after_warm_up.prevalence[step] = state.prevalence
            after_warm_up.sensitivity[step] = state.sensitivity
            after_warm_up.specificity[step] = state.specificity
    return after_warm_up


def _swept(random: np.random.Generator, counts: Counts, state: State, priors: Priors) -> State:
    """Run one Gibbs sweep: authors given the rates, then the rates given the authors."""
    by_models = random.binomial(counts, _share_by_models(state.prevalence, state.sensitivity, state.specificity))
    by_people = counts - by_models
    return State(
        _draw(random, priors.prevalence, by_models.sum((2, 3)), by_people.sum((2, 3))),
        _per_test(random, priors.sensitivity, _positive(by_models), _negative(by_models)),
        _per_test(random, priors.specificity, _negative(by_people), _positive(by_people)),
    )


def _swapped(random: np.random.Generator, state: State, priors: Priors) -> State:
    """Propose swapping the two classes, accepted by the ratio of the priors (Metropolis).

    Calling models people and people models explains the data equally well; only the priors distinguish them, and Gibbs
    sweeps alone hardly ever cross over.
    """
    other = State(1 - state.prevalence, 1 - state.specificity, 1 - state.sensitivity)
    gain = _log_prior(other, priors) - _log_prior(state, priors)
    accepted = (np.log(random.random(len(gain))) < gain)[:, None]
    return State(
        np.where(accepted, other.prevalence, state.prevalence),
        np.where(accepted, other.sensitivity, state.sensitivity),
        np.where(accepted, other.specificity, state.specificity),
    )


def _log_prior(state: State, priors: Priors) -> Floats:
    """Return the log prior density of each data set's rates, up to a constant."""
    total = priors.prevalence.log_density(state.prevalence).sum(axis=1)
    for test in range(TESTS):
        total = total + priors.sensitivity[test].log_density(state.sensitivity[:, test])
        total = total + priors.specificity[test].log_density(state.specificity[:, test])
    return np.asarray(total)


def _share_by_models(prevalence: Floats, sensitivity: Floats, specificity: Floats) -> Floats:
    """Return, for each cell, the probability that a submission in it is by a language model."""
    called_if_model = _cells(1 - sensitivity, sensitivity)
    called_if_person = _cells(specificity, 1 - specificity)
    models = prevalence[:, :, None, None] * called_if_model[:, None]
    people = (1 - prevalence)[:, :, None, None] * called_if_person[:, None]
    return models / np.maximum(models + people, np.finfo(float).tiny)


def _cells(negative: Floats, positive: Floats) -> Floats:
    """Return the probabilities of the four pairs of results: sets x log x text."""
    by_test = np.stack([negative, positive], axis=-1)
    return by_test[:, 0, :, None] * by_test[:, 1, None, :]


def _positive(counts: Counts) -> Counts:
    """Return positive results by set and test, over all populations."""
    return np.stack([counts[:, :, 1, :].sum((1, 2)), counts[:, :, :, 1].sum((1, 2))], axis=-1)


def _negative(counts: Counts) -> Counts:
    return np.stack([counts[:, :, 0, :].sum((1, 2)), counts[:, :, :, 0].sum((1, 2))], axis=-1)


def _per_test(
    random: np.random.Generator, priors: tuple[Beta, Beta], alpha: Counts | Floats, beta: Counts | Floats
) -> Floats:
    return np.stack([_draw(random, prior, alpha[:, test], beta[:, test]) for test, prior in enumerate(priors)], axis=-1)


def _draw(random: np.random.Generator, prior: Beta, alpha: Counts | Floats, beta: Counts | Floats) -> Floats:
    return random.beta(prior.alpha + alpha, prior.beta + beta)

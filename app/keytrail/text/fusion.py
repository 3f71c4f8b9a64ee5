"""Fuse the evidence of log and text into the probability that a submission was written by a language model.

Posterior odds are prior odds times the likelihood ratio of the log times that of the text. External text alone is not
conclusive (some people write in another editor), nor is a text that reads synthetic (some people write like that).
"""

from dataclasses import asdict, dataclass
from enum import StrEnum

from keytrail.errors import BadRequest
from keytrail.text.classifier.assessment import Outcome

ASSUMED_PREVALENCE = 0.35
"""About what both 2023 studies found; replace it by the study's own estimate once there is one."""
ASSUMPTIONS = (
    "The prior probability is the stated prevalence.",
    "Given who wrote a text, log and text are independent.",
    "The error rates are the same here as in the studies from which they come.",
    "A probability is a reason to look, not a decision.",
)


class LogEvidence(StrEnum):
    """The log's evidence about a submission."""

    EXTERNAL = "external"
    """At least half of the final text came from outside or arrived without typing."""
    NOT_EXTERNAL = "not_external"
    """Typed, or taken from the item."""
    UNCLEAR = "unclear"
    """Between the two, or the log is unreliable: no evidence either way."""


@dataclass(frozen=True, slots=True)
class LogRates:
    """How often the log shows external text, by author."""

    external_if_llm: float
    external_if_human: float


@dataclass(frozen=True, slots=True)
class TextRates:
    """How often an assessable text reads LLM-like or human-like, by author. An unsure text is no evidence."""

    llm_like_if_llm: float
    llm_like_if_human: float
    human_like_if_llm: float
    human_like_if_human: float


FIELD_LOG_RATES = LogRates(external_if_llm=0.89, external_if_human=0.054)
"""Implied by the two-test model's posteriors over both 2023 field sets (docs/text.md)."""
FIELD_TEXT_RATES = TextRates(
    llm_like_if_llm=0.89, llm_like_if_human=0.08, human_like_if_llm=0.11, human_like_if_human=0.92
)
"""Sensitivity 0.89 and specificity 0.92 of a classifier by the same model. With a band of unsure between them, texts
outside it are classified better than this, so these rates are cautious."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """The probability that a submission is by a language model, with its evidence."""

    log: LogEvidence
    text: Outcome
    probability: float
    prevalence: float
    log_ratio: float
    """Likelihood ratio of the log's evidence: above 1 favours a language model."""
    text_ratio: float
    assumptions: tuple[str, ...] = ASSUMPTIONS

    def as_json(self) -> dict[str, object]:
        """Return the fields as values that JSON can hold."""
        return asdict(self)


def posterior(
    log: LogEvidence,
    text: Outcome,
    *,
    prevalence: float = ASSUMED_PREVALENCE,
    log_rates: LogRates = FIELD_LOG_RATES,
    text_rates: TextRates = FIELD_TEXT_RATES,
) -> Posterior:
    """Apply Bayes' rule to one submission. Raises BadRequest for a prevalence or rate outside 0 to 1."""
    rates = (prevalence, *asdict(log_rates).values(), *asdict(text_rates).values())
    if not all(0 <= rate <= 1 for rate in rates):
        raise BadRequest("Prevalence and rates must be between 0 and 1.")
    from_llm = prevalence * _log_chance(log, log_rates)[0] * _text_chance(text, text_rates)[0]
    from_human = (1 - prevalence) * _log_chance(log, log_rates)[1] * _text_chance(text, text_rates)[1]
    if from_llm + from_human == 0:
        raise BadRequest("With these rates such a submission is impossible.")
    return Posterior(
        log,
        text,
        from_llm / (from_llm + from_human),
        prevalence,
        _ratio(*_log_chance(log, log_rates)),
        _ratio(*_text_chance(text, text_rates)),
    )


def posterior_table(
    *,
    prevalence: float = ASSUMED_PREVALENCE,
    log_rates: LogRates = FIELD_LOG_RATES,
    text_rates: TextRates = FIELD_TEXT_RATES,
) -> tuple[Posterior, ...]:
    """Return the posterior of every combination of evidence, for display."""
    return tuple(
        posterior(log, text, prevalence=prevalence, log_rates=log_rates, text_rates=text_rates)
        for log in LogEvidence
        for text in Outcome
    )


def _log_chance(log: LogEvidence, rates: LogRates) -> tuple[float, float]:
    """Return the probability of this evidence for a language model's text and for a person's; equal for no evidence."""
    if log is LogEvidence.EXTERNAL:
        return rates.external_if_llm, rates.external_if_human
    if log is LogEvidence.NOT_EXTERNAL:
        return 1 - rates.external_if_llm, 1 - rates.external_if_human
    return 1.0, 1.0


def _text_chance(text: Outcome, rates: TextRates) -> tuple[float, float]:
    if text is Outcome.LLM_LIKE:
        return rates.llm_like_if_llm, rates.llm_like_if_human
    if text is Outcome.HUMAN_LIKE:
        return rates.human_like_if_llm, rates.human_like_if_human
    return 1.0, 1.0


def _ratio(if_llm: float, if_human: float) -> float:
    return if_llm / if_human if if_human else float("inf")

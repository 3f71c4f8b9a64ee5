"""Log and text together: how likely it is that a submission was written by a language model.

Two pieces of evidence, one posterior: prior odds times the likelihood ratio of what the log shows times that of how the
text reads. External text alone never settles it (some people write in another editor), nor does a text that reads
synthetic (some people write like that).
"""

from dataclasses import asdict, dataclass
from enum import StrEnum

from keytrail.errors import BadRequest
from keytrail.text.classifier.assessment import Outcome

ASSUMED_PREVALENCE = 0.35
"""About what both 2023 studies found; replace it by the study's own estimate once there is one."""
ASSUMPTIONS = (
    "Before looking, the share of submissions by language models is the stated prevalence.",
    "Given who wrote a text, what the log shows and how the text reads say nothing about each other.",
    "Either kind of evidence errs as often here as in the studies its rates come from.",
    "A probability is a reason to look, not a decision.",
)


class LogEvidence(StrEnum):
    """What the log shows of a submission."""

    EXTERNAL = "external"
    """At least half of the final text came from outside or arrived without typing."""
    NOT_EXTERNAL = "not_external"
    """Typed, or taken from the item."""
    UNCLEAR = "unclear"
    """Between the two, or the log cannot be relied on: says nothing either way."""


@dataclass(frozen=True, slots=True)
class LogRates:
    """How often the log shows external text, by who wrote it."""

    external_if_llm: float
    external_if_human: float


@dataclass(frozen=True, slots=True)
class TextRates:
    """How often an assessable text reads LLM-like or human-like, by who wrote it. An unsure text says nothing."""

    llm_like_if_llm: float
    llm_like_if_human: float
    human_like_if_llm: float
    human_like_if_human: float


FIELD_LOG_RATES = LogRates(external_if_llm=0.89, external_if_human=0.054)
"""Implied by the posteriors that the two-test model gave over both 2023 field sets (docs/text.md)."""
FIELD_TEXT_RATES = TextRates(
    llm_like_if_llm=0.89, llm_like_if_human=0.08, human_like_if_llm=0.11, human_like_if_human=0.92
)
"""Sensitivity 0.89 and specificity 0.92 of a classifier by the same model. With a band of unsure between them, texts
outside it are told apart better than this, so these rates are cautious."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """The chance that a submission is by a language model, with the evidence it rests on."""

    log: LogEvidence
    text: Outcome
    probability: float
    prevalence: float
    log_ratio: float
    """Likelihood ratio of the log's evidence: above 1 speaks for a language model."""
    text_ratio: float
    assumptions: tuple[str, ...] = ASSUMPTIONS

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


def posterior(
    log: LogEvidence,
    text: Outcome,
    *,
    prevalence: float = ASSUMED_PREVALENCE,
    log_rates: LogRates = FIELD_LOG_RATES,
    text_rates: TextRates = FIELD_TEXT_RATES,
) -> Posterior:
    """Bayes' rule for one submission. Raises BadRequest for a prevalence or rate outside 0 to 1."""
    rates = (prevalence, *asdict(log_rates).values(), *asdict(text_rates).values())
    if not all(0 <= rate <= 1 for rate in rates):
        raise BadRequest("Prevalence and rates lie between 0 and 1.")
    from_llm = prevalence * _log_chance(log, log_rates)[0] * _text_chance(text, text_rates)[0]
    from_human = (1 - prevalence) * _log_chance(log, log_rates)[1] * _text_chance(text, text_rates)[1]
    if from_llm + from_human == 0:
        raise BadRequest("By these rates such a submission cannot occur.")
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
    """The posterior of every combination of evidence, to be shown beside the rule."""
    return tuple(
        posterior(log, text, prevalence=prevalence, log_rates=log_rates, text_rates=text_rates)
        for log in LogEvidence
        for text in Outcome
    )


def _log_chance(log: LogEvidence, rates: LogRates) -> tuple[float, float]:
    """Chance of this evidence from a language model's text and from a person's; equal if it says nothing."""
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

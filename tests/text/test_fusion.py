import pytest

from keytrail.errors import BadRequest
from keytrail.text.classifier.assessment import Outcome
from keytrail.text.fusion import LogEvidence, LogRates, TextRates, posterior, posterior_table


@pytest.mark.parametrize(
    ("log", "text", "expected"),
    [
        (LogEvidence.EXTERNAL, Outcome.LLM_LIKE, 0.99),
        (LogEvidence.EXTERNAL, Outcome.HUMAN_LIKE, 0.51),
        (LogEvidence.NOT_EXTERNAL, Outcome.LLM_LIKE, 0.41),
        (LogEvidence.NOT_EXTERNAL, Outcome.HUMAN_LIKE, 0.01),
    ],
)
def test_the_table_of_the_field_studies(log: LogEvidence, text: Outcome, expected: float) -> None:
    """ANALYSIS section 3: at a prevalence of 35 %."""
    assert posterior(log, text).probability == pytest.approx(expected, abs=0.01)


def test_no_evidence_leaves_the_prior() -> None:
    for text in (Outcome.UNSURE, Outcome.NOT_ASSESSABLE):
        assert posterior(LogEvidence.UNCLEAR, text, prevalence=0.2).probability == pytest.approx(0.2)


def test_bayes_by_counting() -> None:
    rates = LogRates(0.8, 0.1), TextRates(0.7, 0.05, 0.2, 0.9)
    found = posterior(LogEvidence.EXTERNAL, Outcome.HUMAN_LIKE, prevalence=0.5, log_rates=rates[0], text_rates=rates[1])
    assert found.probability == pytest.approx(0.8 * 0.2 / (0.8 * 0.2 + 0.1 * 0.9))
    assert found.log_ratio == pytest.approx(8)
    assert found.text_ratio == pytest.approx(2 / 9)


def test_the_table_has_every_combination_and_its_assumptions() -> None:
    table = posterior_table()
    assert len({(row.log, row.text) for row in table}) == len(LogEvidence) * len(Outcome)
    assert all(row.assumptions for row in table)
    assert table[0].as_json()["log"] == table[0].log


def test_impossible_rates_are_refused() -> None:
    with pytest.raises(BadRequest, match="between 0 and 1"):
        posterior(LogEvidence.EXTERNAL, Outcome.UNSURE, prevalence=1.2)
    with pytest.raises(BadRequest, match="is impossible"):
        posterior(LogEvidence.EXTERNAL, Outcome.UNSURE, log_rates=LogRates(0, 0))


def test_certainty_stays_certain() -> None:
    assert posterior(LogEvidence.EXTERNAL, Outcome.UNSURE, log_rates=LogRates(0.5, 0)).probability == 1
    assert posterior(LogEvidence.EXTERNAL, Outcome.UNSURE, log_rates=LogRates(0.5, 0)).log_ratio == float("inf")

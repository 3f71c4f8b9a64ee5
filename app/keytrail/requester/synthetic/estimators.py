"""The estimators as the dashboard describes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keytrail.requester.synthetic.forest import ForestLine
from keytrail.text.prevalence.recommendation import Estimator, estimates_by_estimator, recommended
from keytrail.text.prevalence.report import PrevalenceReport


@dataclass(frozen=True)
class EstimatorText:
    """An estimator's heading, name and description in one line."""

    group: str
    name: str
    meaning: str


_COUNTED, _CORRECTED, _PRIOR = "Counted", "Corrected for errors", "With prior beliefs"
ESTIMATOR_TEXTS: Mapping[Estimator, EstimatorText] = {
    Estimator.PASTED: EstimatorText(
        _COUNTED, "Pasted something", "Something was pasted or dropped into the text, whatever it was."
    ),
    Estimator.EXTERNAL: EstimatorText(
        _COUNTED,
        "At least half from elsewhere",
        "By the log, half of the text or more came from outside the page or without typing. It misses what was "
        "retyped, and counts a worker's own notes.",
    ),
    Estimator.READS_SYNTHETIC: EstimatorText(
        _COUNTED,
        "Reads synthetic",
        "The classifier takes the text for a language model's, at a threshold set for 5 % false alarms.",
    ),
    Estimator.LOOSE: EstimatorText(
        _COUNTED,
        "Log odds above 0",
        "The looser threshold of Veselovsky, Ribeiro and West (2023), for comparison with their study.",
    ),
    Estimator.STRICT: EstimatorText(
        _COUNTED,
        "Log odds above 4",
        "The stricter threshold of Veselovsky, Ribeiro and West (2023), for comparison with their study.",
    ),
    Estimator.CORRECTED: EstimatorText(
        _CORRECTED,
        "Corrected count",
        "Texts that read synthetic, corrected for how often the classifier was wrong on texts of known origin (Rogan "
        "and Gladen 1978).",
    ),
    Estimator.TWO_TESTS: EstimatorText(
        _PRIOR,
        "Log and text together",
        "Two tests that both err, without a gold standard: shares and error rates are estimated together, beginning "
        "with prior beliefs (Hui and Walter 1980).",
    ),
}
"""In the order of the page."""


@dataclass(frozen=True)
class EstimatorNote:
    """One estimator that the page shows, with its own assumptions."""

    text: EstimatorText
    recommended: bool
    assumptions: Sequence[str]


def estimator_notes(*reports: PrevalenceReport | None) -> Sequence[EstimatorNote]:
    """Describe every estimator that one of the reports has, with each assumption once."""
    made = [report for report in reports if report is not None]
    assumed: dict[Estimator, dict[str, None]] = {}
    for report in made:
        for estimator, estimate in estimates_by_estimator(report).items():
            assumed.setdefault(estimator, {}).update(dict.fromkeys(estimate.assumptions))
    best = {found.estimator for report in made if (found := recommended(report)) is not None}
    return [
        EstimatorNote(text, estimator in best, list(assumed[estimator]))
        for estimator, text in ESTIMATOR_TEXTS.items()
        if estimator in assumed
    ]


def estimator_lines(
    by_submission: PrevalenceReport, by_worker: PrevalenceReport | None
) -> Sequence[tuple[str, Sequence[ForestLine]]]:
    """Return every estimator as a line of the plot, by groups."""
    submissions = estimates_by_estimator(by_submission)
    workers = {} if by_worker is None else estimates_by_estimator(by_worker)
    best = recommended(by_submission)
    groups: dict[str, list[ForestLine]] = {}
    for estimator, text in ESTIMATOR_TEXTS.items():
        if estimator in submissions or estimator in workers:
            chosen = best is not None and best.estimator is estimator
            line = ForestLine(text.name, submissions.get(estimator), workers.get(estimator), recommended=chosen)
            groups.setdefault(text.group, []).append(line)
    return list(groups.items())

"""Recommend which of a report's estimates to state."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from keytrail.text.prevalence.intervals import Estimate
from keytrail.text.prevalence.report import PrevalenceReport


class Estimator(StrEnum):
    """The estimators that readers distinguish; variants of an interval are not separate estimators."""

    PASTED = "pasted"
    EXTERNAL = "external"
    READS_SYNTHETIC = "reads_synthetic"
    LOOSE = "loose"
    STRICT = "strict"
    CORRECTED = "corrected"
    TWO_TESTS = "two_tests"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The estimate to state; `reason` completes the sentence "It is recommended because ..."."""

    estimator: Estimator
    estimate: Estimate
    reason: str


def recommended(report: PrevalenceReport) -> Recommendation | None:
    """Return the estimate with the fewest unmeasured assumptions; None if there is none of language models' texts.

    The corrected count comes first: its error rates were counted on texts of known origin, and it reads the text alone,
    so that it also holds where pasting is prevented. The two tests follow if several populations identify them. A count
    of pasted or external text is no estimate of who wrote it and is never recommended.
    """
    found = estimates_by_estimator(report)
    if (corrected := found.get(Estimator.CORRECTED)) is not None:
        return Recommendation(
            Estimator.CORRECTED,
            corrected,
            "the classifier's errors were counted on texts of known origin and are corrected, and it does not matter "
            "whether a text was pasted or retyped",
        )
    two = report.two_tests
    if two is not None and two.identified and two.together is not None:
        return Recommendation(
            Estimator.TWO_TESTS,
            two.together,
            "the populations differ enough to estimate the errors of the log and of the classifier together with the "
            "shares",
        )
    return None


def estimates_by_estimator(report: PrevalenceReport) -> dict[Estimator, Estimate]:
    """Return one estimate for each estimator, with the widest of its intervals: the one that assumes least.

    If there are several populations, the two tests' estimate covers all of them.
    """
    two = report.two_tests
    alone = () if two is None else two.prevalence if two.together is None else (two.together,)
    clustered = report.two_tests_clustered if two is not None and two.together is None else ()
    groups: dict[Estimator, Sequence[Estimate]] = {
        Estimator.PASTED: [one for one in report.raw if one.name == "pasted"],
        Estimator.EXTERNAL: [one for one in report.raw if one.name == "external text"],
        Estimator.READS_SYNTHETIC: [one for one in report.raw if one.name == "reads synthetic"],
        Estimator.LOOSE: report.thresholds[:1],
        Estimator.STRICT: report.thresholds[1:],
        Estimator.CORRECTED: report.corrected,
        Estimator.TWO_TESTS: (*alone, *clustered),
    }
    return {estimator: max(group, key=_width) for estimator, group in groups.items() if group}


def _width(estimate: Estimate) -> float:
    return estimate.interval.high - estimate.interval.low

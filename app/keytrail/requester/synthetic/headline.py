"""The headline of a study's estimates: a sentence for the page, and one for a paper."""

from dataclasses import dataclass

from keytrail import __version__
from keytrail.text.prevalence.intervals import Estimate
from keytrail.text.prevalence.recommendation import Estimator, Recommendation, estimates_by_estimator, recommended
from keytrail.text.prevalence.report import PrevalenceReport
from keytrail.web.formatting import number, percent_range, percent_within

_TOO_WIDE = 0.5
"""Half of all possible shares: a single figure would suggest more than is known."""
_FEW = 0.01
_NO_CLASSIFIER = "An estimate of that needs a classifier."
_NOT_IDENTIFIED = (
    "“Log and text together” below estimates that, but it rests on prior beliefs here, so no estimate is recommended."
)
_METHODS = {
    Estimator.CORRECTED: "count of a text classifier, corrected for its error rates after Rogan and Gladen, 1978",
    Estimator.TWO_TESTS: "latent class model of keystroke log and text classifier after Hui and Walter, 1980",
}


@dataclass(frozen=True)
class Headline:
    """`sentence` is about texts and `workers` about people (or empty).

    Without a recommended estimate `reason` and `paper` are empty, and `caveat` says why there is none.
    """

    sentence: str
    workers: str = ""
    reason: str = ""
    paper: str = ""
    caveat: str = ""


def headline(by_submission: PrevalenceReport, by_worker: PrevalenceReport | None) -> Headline | None:
    """Word the recommended estimate, or else the logs' share; None if neither is known."""
    best = recommended(by_submission)
    if best is None:
        return _of_the_log(by_submission)
    people = None if by_worker is None else recommended(by_worker)
    of_workers = "" if people is None or by_worker is None else _of_workers(people, by_worker)
    texts = _of(best.estimate, by_submission.submissions, "texts", "could be judged")
    return Headline(
        sentence=f"{_share(best.estimate, texts)} were probably written with a language model.",
        workers=of_workers,
        reason=best.reason,
        paper=_paper(best, people),
    )


def _of_workers(people: Recommendation, report: PrevalenceReport) -> str:
    workers = _of(people.estimate, report.workers, "workers", "could be judged")
    return f"{_share(people.estimate, workers)} probably used one for at least one text."


def _of_the_log(report: PrevalenceReport) -> Headline | None:
    external = estimates_by_estimator(report).get(Estimator.EXTERNAL)
    if external is None:
        return None
    texts = _of(external, report.submissions, "texts", "have a log result")
    why = _NO_CLASSIFIER if report.two_tests is None else _NOT_IDENTIFIED
    sentence = f"{_share(external, texts)} came from elsewhere for at least half of their length."
    return Headline(sentence, caveat=f"The log cannot tell whether a language model wrote them. {why}")


def _of(estimate: Estimate, everything: int, units: str, known: str) -> str:
    counted = f"the {number(estimate.units)} {units}"
    return counted if estimate.units == everything else f"{counted} that {known}"


def _share(estimate: Estimate, units: str) -> str:
    low, high = estimate.interval.low, estimate.interval.high
    if high - low > _TOO_WIDE:
        return f"Between {percent_range(low, high).replace('to', 'and')} of {units}"
    if high < _FEW:
        return f"Less than 1\u00a0% of {units}"
    if estimate.value < _FEW:
        return f"At most {percent_within(high, low, high)} of {units}"
    return f"About {percent_within(estimate.value, low, high)} of {units} ({percent_range(low, high)})"


def _paper(best: Recommendation, people: Recommendation | None) -> str:
    texts = _for_paper(best.estimate, "submissions")
    workers = "" if people is None else f", and by {_for_paper(people.estimate, 'workers')} for at least one submission"
    used = f"We estimate that a language model was used for {texts}{workers}"
    return f"{used} ({_METHODS[best.estimator]}; Keytrail {__version__}).".replace("\u00a0", " ")


def _for_paper(estimate: Estimate, units: str) -> str:
    low, high = estimate.interval.low, estimate.interval.high
    share = percent_within(estimate.value, low, high)
    return f"{share} of {number(estimate.units)} {units} (95 % interval {percent_range(low, high)})"

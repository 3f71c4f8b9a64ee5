"""Compute the four prevalence estimates of a stored study."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.models import Study, Submission
from keytrail.provenance.formatting import count
from keytrail.studies.conditions import hiding_conditions
from keytrail.synthetic.prevalence.homogeneity import StudyHomogeneity, study_homogeneity
from keytrail.synthetic.prevalence.observations import LEFT_OUT, NOT_SCORED, AnalysedSubmission, analysed_submissions
from keytrail.synthetic.prevalence.unjudged import UnjudgedCause, unjudged
from keytrail.synthetic.training.classifier import counting_test
from keytrail.text.prevalence.corrected import ErrorCounts
from keytrail.text.prevalence.report import PrevalenceReport, prevalence_report, split_reports, worker_report

MOST_PERIODS = 12
"""So that each period has enough submissions, and a page can show them all."""


def period_namer(moments: Sequence[datetime]) -> Callable[[datetime], str]:
    """Return a function that names a time's period: days, weeks, months or years, the shortest that gives at most
    twelve.
    """
    for name_of in (_day, _week, _month):
        if len({name_of(moment) for moment in moments}) <= MOST_PERIODS:
            return name_of
    return _year


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


def _week(moment: datetime) -> str:
    day = moment.astimezone(UTC).date()
    return f"week of {(day - timedelta(days=day.weekday())).isoformat()}"


def _month(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m}"


def _year(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y}"


CAUTIONS = (
    (
        "A classifier misjudges honest writers: one in twenty at the threshold for counting, one in fifty at that "
        "of findings, as measured on other texts; the rates in this study may be higher."
    ),
    "People who write in a language that is not their first are misjudged more often.",
    "The score alone decides nothing about anybody; these figures describe the study, not a person.",
    "Everything was recorded in the workers' browsers; a programmer can forge a consistent log.",
)


_NO_LOG_RESULT = (
    "There a text from elsewhere has to be retyped, and its log looks like any other: these submissions have no log "
    "result, and log-based estimates leave them out."
)


def cautions_of(study: Study, hidden_by_rule: int, of: int) -> tuple[str, ...]:
    """Return what limits the estimates: this study's conditions and rules first, then what limits those of any study.

    `hidden_by_rule` of the `of` submissions were written while a rule of the study prevented pasting or copying.
    """
    names = ", ".join(f"“{name}”" for name in sorted(hiding_conditions(study)))
    found = []
    if hidden_by_rule and hidden_by_rule == of:
        found.append(f"Pasting or copying was prevented in this study. {_NO_LOG_RESULT}")
    elif hidden_by_rule:
        found.append(
            f"The study's rules prevented pasting or copying in {hidden_by_rule:,} of {count(of, 'submission')}: those "
            f"whose sessions began while such a rule was on. {_NO_LOG_RESULT}"
        )
    if names and hidden_by_rule < of:
        found.append(f"Pasting or copying is prevented in {names}. {_NO_LOG_RESULT}")
    return (*found, *CAUTIONS)


@dataclass(frozen=True)
class StudyPart:
    """Estimates of a subgroup of a study, fitted together with the other subgroups."""

    name: str
    by_submission: PrevalenceReport
    by_worker: PrevalenceReport


@dataclass(frozen=True)
class StudyPrevalence:
    """Estimates of one study. Submissions whose own log trained the classifier have no text result here."""

    submissions: int
    analysed: int
    scored: int
    left_out: int
    """Scored submissions that were trained on with a label from their own log."""
    model_version: str | None
    by_submission: PrevalenceReport | None
    """None without any analysed submission."""
    by_worker: PrevalenceReport | None
    cross: Sequence[tuple[str, str, int]]
    """Submissions by where their text came from, as the log shows, and how it reads."""
    parts: Mapping[str, Sequence[StudyPart]]
    """By "condition", "platform" and "time", wherever there is more than one."""
    homogeneity: StudyHomogeneity | None
    """How alike the texts are; None if no two workers wrote about one item."""
    unjudged: Mapping[UnjudgedCause, int] = field(default_factory=dict)
    """Submissions whose text has no judgement, by cause."""
    cautions: tuple[str, ...] = CAUTIONS

    def as_json(self) -> dict[str, Any]:
        """Return the fields as values that JSON can hold."""
        return asdict(self) | {
            "cross": [{"log": log, "text": text, "submissions": number} for log, text, number in self.cross]
        }


def study_prevalence(db: Session, study: Study) -> StudyPrevalence:
    """Return all current estimates of a study; parts that lack evidence are empty."""
    rows = analysed_submissions(db, study)
    test = counting_test(db, study)
    errors = None if test is None else test.errors
    observations = [row.observation for row in rows]
    outcomes = Counter(row.outcome for row in rows)
    counts = Counter((row.origin.value, row.outcome) for row in rows)
    return StudyPrevalence(
        submissions=db.scalar(select(func.count(Submission.id)).where(Submission.study_id == study.id)) or 0,
        analysed=len(rows),
        scored=len(rows) - outcomes[NOT_SCORED],
        left_out=outcomes[LEFT_OUT],
        model_version=None if test is None else test.model_version,
        by_submission=prevalence_report(observations, errors) if rows else None,
        by_worker=worker_report(observations, errors) if rows else None,
        cross=[(log, text, number) for (log, text), number in sorted(counts.items())],
        parts=_parts(rows, errors),
        homogeneity=study_homogeneity(db, study, rows),
        unjudged=unjudged(db, study, classifier=test is not None),
        cautions=cautions_of(study, sum(row.hidden_by_rule for row in rows), len(rows)),
    )


def _parts(rows: Sequence[AnalysedSubmission], errors: ErrorCounts | None) -> dict[str, Sequence[StudyPart]]:
    """Split the study by everything that has more than one value; submissions without a value are left out of that
    split.
    """
    period = period_namer([row.submitted_at for row in rows])
    ways: dict[str, Callable[[AnalysedSubmission], str | None]] = {
        "condition": lambda row: row.observation.condition,
        "platform": lambda row: row.platform,
        "time": lambda row: period(row.submitted_at),
    }
    found: dict[str, Sequence[StudyPart]] = {}
    for way, name_of in ways.items():
        named = [replace(row.observation, population=name) for row in rows if (name := name_of(row)) is not None]
        if len({observation.population for observation in named}) > 1:
            submissions = split_reports(named, attrgetter("population"), errors)
            workers = split_reports(named, attrgetter("population"), errors, workers=True)
            found[way] = [StudyPart(name, report, workers[name]) for name, report in submissions.items()]
    return found

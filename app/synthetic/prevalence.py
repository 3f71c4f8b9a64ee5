"""How much of a stored study was written by language models: the four estimates with what they rest on."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.models import StoredReport, Study, Submission, TextScore, TrainedModel, Worker, WritingSession
from app.provenance import Report
from app.synthetic.across import operators_of
from app.synthetic.homogeneity import StudyHomogeneity, study_homogeneity
from app.synthetic.periods import period_namer
from app.synthetic.training import newest_model
from app.text.across.likeness import Handed
from app.text.classifier.assessment import Outcome
from app.text.classifier.calibration import logit
from app.text.fusion import LogEvidence
from app.text.loglabels import MainOrigin, log_evidence, main_origin
from app.text.prevalence.corrected import Counted, ErrorCounts
from app.text.prevalence.observations import Observation
from app.text.prevalence.report import PrevalenceReport, prevalence_report, split_reports, worker_report

CAUTIONS = (
    (
        "A classifier misjudges honest writers: one in twenty at the threshold for counting, one in a hundred at that "
        "of findings, as learnt elsewhere; in this study it may be more."
    ),
    "People who write in a language that is not their first are misjudged more often.",
    "The score alone decides nothing about anybody; these figures describe the study, not a person.",
    "Everything was recorded in the workers' browsers; a programmer can forge a consistent log.",
)


@dataclass(frozen=True)
class Part:
    """Estimates of a part of a study, made together with those of the other parts."""

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
    """Scored submissions that joined the training with a label from their own log."""
    model_version: str | None
    by_submission: PrevalenceReport | None
    """None without any analysed submission."""
    by_worker: PrevalenceReport | None
    cross: Sequence[tuple[str, str, int]]
    """Submissions by where their text came from, as the log tells, and how it reads."""
    parts: Mapping[str, Sequence[Part]]
    """By "condition", "platform" and "time", wherever there is more than one."""
    homogeneity: StudyHomogeneity | None
    """How alike the texts are; None if no two workers wrote about one item."""
    cautions: tuple[str, ...] = CAUTIONS

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {
            "cross": [{"log": log, "text": text, "submissions": number} for log, text, number in self.cross]
        }


@dataclass(frozen=True)
class _Row:
    observation: Observation
    handed: Handed
    origin: MainOrigin
    outcome: str
    platform: str
    submitted_at: datetime


def study_prevalence(db: Session, study: Study) -> StudyPrevalence:
    """All estimates of a study as it stands; parts that lack evidence are empty."""
    model = newest_model(db, study)
    rows, scored, left_out = _rows(db, study, operators_of(db, study.id))
    errors = errors_of(model)
    observations = [row.observation for row in rows]
    counts = Counter((row.origin.value, row.outcome) for row in rows)
    return StudyPrevalence(
        submissions=db.scalar(select(func.count(Submission.id)).where(Submission.study_id == study.id)) or 0,
        analysed=len(rows),
        scored=scored,
        left_out=left_out,
        model_version=None if model is None else model.version,
        by_submission=prevalence_report(observations, errors) if rows else None,
        by_worker=worker_report(observations, errors) if rows else None,
        cross=[(log, text, number) for (log, text), number in sorted(counts.items())],
        parts=_parts(rows, errors),
        homogeneity=study_homogeneity(db, study, [(row.handed, row.origin) for row in rows]),
    )


def observations_of(db: Session, study: Study) -> list[Observation]:
    """What is known of each analysed submission; the study is the population."""
    rows, _, _ = _rows(db, study, operators_of(db, study.id))
    return [row.observation for row in rows]


def _parts(rows: Sequence[_Row], errors: ErrorCounts | None) -> dict[str, Sequence[Part]]:
    """The study split by whatever has more than one value; what has none is left out of that split."""
    period = period_namer([row.submitted_at for row in rows])
    ways: dict[str, Callable[[_Row], str | None]] = {
        "condition": lambda row: row.observation.condition,
        "platform": lambda row: row.platform,
        "time": lambda row: period(row.submitted_at),
    }
    found: dict[str, Sequence[Part]] = {}
    for way, name_of in ways.items():
        named = [replace(row.observation, population=name) for row in rows if (name := name_of(row)) is not None]
        if len({observation.population for observation in named}) > 1:
            submissions = split_reports(named, attrgetter("population"), errors)
            workers = split_reports(named, attrgetter("population"), errors, workers=True)
            found[way] = [Part(name, report, workers[name]) for name, report in submissions.items()]
    return found


def _rows(db: Session, study: Study, operators: Mapping[str, str]) -> tuple[list[_Row], int, int]:
    found = db.execute(
        select(Submission, StoredReport, TextScore)
        .join(StoredReport, StoredReport.submission_id == Submission.id)
        .outerjoin(TextScore, TextScore.submission_id == Submission.id)
        .where(Submission.study_id == study.id)
        .order_by(Submission.id)
        .options(
            joinedload(Submission.session).joinedload(WritingSession.worker).joinedload(Worker.identity),
        )
    )
    rows, scored, left_out = [], 0, 0
    for submission, stored, score in found:
        rows.append(_row(study, submission, Report.from_json(stored.body), score, operators))
        scored += score is not None
        left_out += score is not None and score.trained_on
    return rows, scored, left_out


def _row(
    study: Study, submission: Submission, report: Report, score: TextScore | None, operators: Mapping[str, str]
) -> _Row:
    evidence = log_evidence(report)
    usable = score if score is not None and not score.trained_on else None
    known = usable is not None and usable.reads_synthetic is not None
    likely = usable.probability if usable is not None and known else None
    pastes = report.measures.get("pastes")
    observation = Observation(
        population=study.slug,
        worker=submission.session.worker.pseudonym,
        operator=operators.get(submission.session.worker.pseudonym),
        pasted=None if pastes is None else pastes > 0,
        external=None if evidence is LogEvidence.UNCLEAR else evidence is LogEvidence.EXTERNAL,
        llm_like=usable.reads_synthetic if usable is not None else None,
        logit=None if likely is None else logit(likely),
        condition=submission.session.condition,
    )
    outcome = "left out" if score is not None and score.trained_on else "not scored"
    identity = submission.session.worker.identity
    return _Row(
        observation,
        Handed(str(submission.session.item_id), observation.worker, submission.text),
        main_origin(report),
        Outcome(usable.outcome).value if usable is not None else outcome,
        study.platform if identity is None else identity.platform,
        submission.submitted_at,
    )


def errors_of(model: TrainedModel | None) -> ErrorCounts | None:
    """The error counts that were stored with a model; None without a model or lab texts."""
    if model is None or model.errors is None:
        return None
    plain = model.errors
    return ErrorCounts(Counted(**plain["sensitivity"]), Counted(**plain["specificity"]), plain["counted_on"])

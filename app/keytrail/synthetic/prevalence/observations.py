"""Load the observations of a study's analysed submissions, from the few numbers stored for each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from keytrail.models import ReportFigures, Study, Submission, TextScore, Worker, WorkerIdentity, WritingSession
from keytrail.studies.conditions import hides_from_log, hiding_conditions
from keytrail.synthetic.cross_submission import operators_of
from keytrail.text.classifier.assessment import Outcome
from keytrail.text.classifier.calibration import logit
from keytrail.text.fusion import LogEvidence
from keytrail.text.loglabels import MainOrigin, evidence_at, main_origin
from keytrail.text.prevalence.observations import Observation

LEFT_OUT = "left out"
NOT_SCORED = "not scored"


@dataclass(frozen=True, slots=True)
class AnalysedSubmission:
    """One submission. `outcome` is the classifier's, or LEFT_OUT where its own log trained it, or NOT_SCORED.

    `hidden_by_rule`: its log has no result because of a rule of the whole study that held when the session began.
    """

    number: int
    item_id: int
    observation: Observation
    origin: MainOrigin
    outcome: str
    platform: str
    submitted_at: datetime
    hidden_by_rule: bool


def analysed_submissions(db: Session, study: Study) -> list[AnalysedSubmission]:
    """In the order in which they were handed in; the study is the population. Neither reports nor texts are read.

    Where pasting or copying was prevented when the session began, the log has no result: there a text from elsewhere is
    retyped and looks typed.
    """
    operators = operators_of(db, study.id)
    hiding = hiding_conditions(study)
    rows = db.execute(
        select(
            Submission.id,
            Submission.item_id,
            Submission.submitted_at,
            Submission.verdict,
            WritingSession.condition,
            WritingSession.page_rules,
            Worker.pseudonym,
            WorkerIdentity.platform,
            ReportFigures.external_share,
            ReportFigures.source_share,
            ReportFigures.accounted_share,
            ReportFigures.pastes,
            TextScore.outcome,
            TextScore.trained_on,
            TextScore.reads_synthetic,
            TextScore.probability,
        )
        .join(ReportFigures, ReportFigures.submission_id == Submission.id)
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .outerjoin(WorkerIdentity, WorkerIdentity.worker_id == Worker.id)
        .outerjoin(TextScore, TextScore.submission_id == Submission.id)
        .where(Submission.study_id == study.id)
        .order_by(Submission.id)
    )
    return [_analysed(study, row, operators, hiding) for row in rows]


def _analysed(
    study: Study, row: Row[*tuple[Any, ...]], operators: Mapping[str, str], hiding: Collection[str]
) -> AnalysedSubmission:
    hidden_by_rule = hides_from_log(row.page_rules)
    log_sees = not hidden_by_rule and row.condition not in hiding
    evidence = evidence_at(row.verdict, row.external_share)
    usable = row.outcome is not None and not row.trained_on
    likely = row.probability if usable and row.reads_synthetic is not None else None
    observation = Observation(
        population=study.slug,
        worker=row.pseudonym,
        operator=operators.get(row.pseudonym),
        pasted=row.pastes > 0 if log_sees and row.pastes is not None else None,
        external=evidence is LogEvidence.EXTERNAL if log_sees and evidence is not LogEvidence.UNCLEAR else None,
        llm_like=row.reads_synthetic if usable else None,
        logit=None if likely is None else logit(likely),
        condition=row.condition,
    )
    origin = main_origin(row.verdict, external=row.external_share, source=row.source_share, typed=row.accounted_share)
    return AnalysedSubmission(
        number=row.id,
        item_id=row.item_id,
        observation=observation,
        origin=origin,
        outcome=_outcome(row),
        platform=row.platform or study.platform,
        submitted_at=row.submitted_at,
        hidden_by_rule=hidden_by_rule,
    )


def _outcome(row: Row[*tuple[Any, ...]]) -> str:
    if row.outcome is None:
        return NOT_SCORED
    return LEFT_OUT if row.trained_on else Outcome(row.outcome).value

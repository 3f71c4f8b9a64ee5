"""Unjudged submissions: those without a judgement of their text, by cause."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from keytrail.models import ReportFigures, Study, Submission, TextScore
from keytrail.text.classifier.assessment import Outcome
from keytrail.text.classifier.gates import Reason


class UnjudgedCause(StrEnum):
    """A cause; the last four are the classifier's own reasons."""

    NOT_ANALYSED = "not_analysed"
    NO_CLASSIFIER = "no_classifier"
    NOT_SCORED = "not_scored"
    TRAINED_ON = "trained_on"
    SHORT = Reason.SHORT.value
    COPIED = Reason.COPIED.value
    LANGUAGE = Reason.LANGUAGE.value
    OFF_TOPIC = Reason.OFF_TOPIC.value


def unjudged(db: Session, study: Study, *, classifier: bool) -> Mapping[UnjudgedCause, int]:
    """Count a study's submissions by cause, each once; causes without submissions are left out."""
    submitted = _count(db, select(func.count()).where(Submission.study_id == study.id))
    analysed = _count(db, select(func.count()).where(ReportFigures.study_id == study.id))
    scored = _count(
        db,
        select(func.count())
        .select_from(TextScore)
        .join(ReportFigures, ReportFigures.submission_id == TextScore.submission_id)
        .where(TextScore.study_id == study.id),
    )
    trained_on = select(func.count()).where(TextScore.study_id == study.id, TextScore.trained_on)
    causes = {
        UnjudgedCause.NOT_ANALYSED: submitted - analysed,
        UnjudgedCause.NOT_SCORED if classifier else UnjudgedCause.NO_CLASSIFIER: analysed - scored,
        UnjudgedCause.TRAINED_ON: _count(db, trained_on),
        **_by_reason(db, study),
    }
    return {cause: causes[cause] for cause in UnjudgedCause if causes.get(cause)}


def _by_reason(db: Session, study: Study) -> Counter[UnjudgedCause]:
    """Count by the classifier's first reason. Only the texts that could not be judged are read."""
    bodies = db.scalars(
        select(TextScore.body).where(
            TextScore.study_id == study.id,
            TextScore.outcome == Outcome.NOT_ASSESSABLE,
            TextScore.trained_on.is_(False),
        )
    )
    return Counter(UnjudgedCause(body["assessment"]["reasons"][0]) for body in bodies)


def _count(db: Session, query: Select[int]) -> int:
    return db.scalar(query) or 0

"""Self-reports of simulated workers about the use of a language model."""

from datetime import timedelta
from itertools import cycle
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import ModelUse, Study, Submission
from keytrail.sessions.self_reports import record_self_report

_TYPED: Final = "simulated: typed"
_OF_TYPISTS: Final = (*[ModelUse.NO] * 8, ModelUse.UNANSWERED)
_OF_OTHERS: Final = (ModelUse.MOSTLY, ModelUse.NO, ModelUse.PARTLY, ModelUse.NO, ModelUse.UNANSWERED)
"""As in reality, some report it and some do not. The shares are our choice."""


def answer_questions(db: Session, study: Study) -> None:
    """Let the study ask, and every worker answer half a minute after submission.

    The question is not in the study's file, because the sessions were recorded without it.
    """
    study.asks_model_use = True
    answers = {True: cycle(_OF_TYPISTS), False: cycle(_OF_OTHERS)}
    for submission in db.scalars(select(Submission).where(Submission.study_id == study.id).order_by(Submission.id)):
        answer = next(answers[(submission.label or "").startswith(_TYPED)])
        record_self_report(db, submission, answer, submission.submitted_at + timedelta(seconds=30))

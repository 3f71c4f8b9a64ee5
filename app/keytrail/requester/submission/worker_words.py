"""The worker's words on a submission: the text's origin, writing aids, and an objection to a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from keytrail.models import Role, StatedOrigin, Submission, WorkerStatement
from keytrail.review.judging.objections import objection_of
from keytrail.sessions.statements import STATED_ORIGINS


@dataclass(frozen=True)
class ShownStatement:
    """The worker's statement on the text, shown beside the findings."""

    text_origins: Sequence[str]
    input_aids: bool


@dataclass(frozen=True)
class ShownObjection:
    """An objection with its answer. `waits`: it is unanswered; `may_answer`: the reader can answer; `draft` is a
    refused answer.
    """

    words: str
    made_at: datetime
    answer: str
    answered_at: datetime | None
    answered_by: str
    waits: bool
    may_answer: bool
    draft: str
    problem: str


def statement_of(db: Session, submission: Submission) -> ShownStatement | None:
    """Return the statement; None if the worker made none or was not asked."""
    stored = db.get(WorkerStatement, submission.id)
    if stored is None:
        return None
    origins = [STATED_ORIGINS[StatedOrigin(name)] for name in stored.text_origins if name in set(StatedOrigin)]
    return ShownStatement(origins, stored.input_aids)


def shown_objection(
    db: Session, submission: Submission, role: Role, draft: str = "", problem: str = ""
) -> ShownObjection | None:
    """Return the objection; None if the worker did not object."""
    made = objection_of(db, submission)
    if made is None:
        return None
    return ShownObjection(
        words=made.words,
        made_at=made.made_at,
        answer=made.answer,
        answered_at=made.answered_at,
        answered_by=made.answered_by.name if made.answered_by else "",
        waits=submission.objected,
        may_answer=submission.objected and role != Role.VIEWER,
        draft=draft,
        problem=problem,
    )

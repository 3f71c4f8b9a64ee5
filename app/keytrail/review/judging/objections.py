"""Workers' objections to decisions: made once, answered once; no rejection is sent in between."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from keytrail.errors import BadRequest, Conflict
from keytrail.language import message
from keytrail.models import AuditAction, DecisionKind, Objection, Study, Submission, User
from keytrail.platform_actions.decision_actions import hold_rejection, queue_for_decision
from keytrail.review.judging.decisions import decisions_of
from keytrail.review.judging.reasons import REASONS
from keytrail.review.judging.settlement import latest_decisions
from keytrail.users.audit_log import record_action

MOST_CHARACTERS: Final = 2_000
_MOST_OF_ANSWER: Final = 5_000
_OBJECTIONABLE = frozenset({DecisionKind.EXCLUDE, DecisionKind.PROPOSE_REJECTION})


def may_object(study: Study, submission: Submission) -> bool:
    """Return whether there is a decision that the worker sees and can object to."""
    return study.copy_shows_decision and submission.settled and submission.decision in _OBJECTIONABLE


def objection_of(db: Session, submission: Submission) -> Objection | None:
    """Return the worker's objection, with the user who answered it."""
    query = select(Objection).where(Objection.submission_id == submission.id)
    return db.scalar(query.options(joinedload(Objection.answered_by)))


def make_objection(db: Session, study: Study, submission: Submission, words: str, now: datetime) -> Objection:
    """Store a worker's objection to a decision; a rejection that was not sent yet is cancelled.

    Raises BadRequest if it is empty or longer than 2,000 characters, Conflict if there is nothing to object to or an
    objection already.
    """
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise BadRequest(message("Your objection is still empty. Please write it first."), code="empty")
    if len(words) > MOST_CHARACTERS:
        raise BadRequest(
            message(
                "Your objection has %(length)s characters. Please shorten it to at most %(most)s.",
                length=len(words),
                most=MOST_CHARACTERS,
            ),
            code="too_long",
        )
    db.refresh(submission, ("settled", "decision", "objected"), with_for_update=True)
    if db.get(Objection, submission.id) is not None:
        raise Conflict(
            message("You have objected already. The answer will be on this page; you can object once."), code="objected"
        )
    if not may_object(study, submission):
        raise Conflict(message("There is no decision yet to object to."), code="nothing_to_object")
    objection = Objection(submission_id=submission.id, words=words, made_at=now)
    db.add(objection)
    submission.objected = True
    held = hold_rejection(db, submission, now)
    detail = {"submission": submission.public_id, "rejections_held": held}
    record_action(db, AuditAction.OBJECT, now, user_id=None, study_id=study.id, detail=detail)
    db.flush()
    return objection


def answer_objection(db: Session, submission: Submission, user: User, answer: str, now: datetime) -> None:
    """Answer a worker's objection, and queue the latest decision's actions again.

    The submission's study must be loaded. Raises BadRequest for an empty answer, Conflict if there is nothing to
    answer.
    """
    answer = answer.replace("\r\n", "\n").strip()[:_MOST_OF_ANSWER]
    if not answer:
        raise BadRequest("Write an answer first. The worker reads it.", code="answer_missing")
    db.refresh(submission, ("settled", "decision", "objected"), with_for_update=True)
    objection = db.get(Objection, submission.id)
    if objection is None or not submission.objected:
        raise Conflict("There is no objection here that waits for an answer. Reload the page.", code="no_objection")
    objection.answer, objection.answered_at, objection.answered_by_id = answer, now, user.id
    submission.objected = False
    detail = {"submission": submission.public_id}
    record_action(db, AuditAction.ANSWER_OBJECTION, now, user_id=user.id, study_id=submission.study_id, detail=detail)
    db.flush()
    if latest := latest_decisions(decisions_of(db, submission)):
        queue_for_decision(db, submission, latest[0], user, now, feedback=REASONS.get(latest[0].reason, ""))

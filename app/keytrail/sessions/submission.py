"""Store the submission of a session: the final text."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.language import message
from keytrail.models import (
    Epoch,
    LengthUnit,
    SessionState,
    StatedOrigin,
    Study,
    Submission,
    WorkerStatement,
    WritingSession,
)
from keytrail.text.length import count_words, length_of, length_text

EMPTY = message("Your text is still empty. Please write it first.")
TOO_SHORT = message("Your text has %(length)s. Write at least %(least)s, then submit again. Your text is kept.")
TOO_LONG = message("Your text has %(length)s. Shorten it to at most %(most)s, then submit again. Your text is kept.")

_MAX_TEXT = 200_000


@dataclass(frozen=True)
class Answer:
    """What the worker submits. `events` is the number of events that the page cut in this epoch, None without a log.

    `text_origins` and `input_aids` are what the worker says about how the text was written, where the study asks.
    """

    text: str
    comment: str = ""
    epoch_number: int | None = None
    events: int | None = None
    text_origins: tuple[StatedOrigin, ...] = ()
    input_aids: bool = False


def submit(db: Session, session_id: int, answer: Answer, now: datetime) -> Submission:
    """Store the answer; a second call returns what the first one stored.

    Never depends on the log: if events are missing the submission is marked, not refused. Raises BadRequest if the text
    breaks the study's word limits or is longer than 200,000 characters, Conflict if the assignment was returned.
    """
    session = db.scalar(select(WritingSession).where(WritingSession.id == session_id).with_for_update())
    if session is None:
        raise NotFound(message("Your task was not found on this server. Open it again from where you found it."))
    stored = db.scalar(select(Submission).where(Submission.session_id == session_id))
    if stored is not None:
        return stored
    if session.state == SessionState.RETURNED:
        raise Conflict(message("This task was returned, so it cannot be submitted any more."), code="returned")
    text = answer.text.replace("\r\n", "\n").replace("\r", "\n")
    study = db.get_one(Study, session.study_id)
    _require_length(study, text)
    submission = Submission(
        public_id=secrets.token_hex(8),
        study_id=session.study_id,
        session_id=session_id,
        item_id=session.item_id,
        worker_id=session.worker_id,
        condition=session.condition,
        epoch_number=answer.epoch_number,
        text=text,
        comment=answer.comment.strip()[:5000],
        words=count_words(text),
        log_complete=_log_complete(db, session_id, answer),
        submitted_at=now,
    )
    session.state = SessionState.SUBMITTED
    session.ended_at = now
    db.add(submission)
    db.flush()
    _store_statement(db, study, submission, answer)
    return submission


def _store_statement(db: Session, study: Study, submission: Submission, answer: Answer) -> None:
    """Only what the study asks for, and nothing if nothing was said."""
    origins = sorted(set(answer.text_origins)) if study.asks_text_origin else []
    input_aids = study.asks_input_aids and answer.input_aids
    if origins or input_aids:
        statement = WorkerStatement(submission_id=submission.id, text_origins=origins, input_aids=input_aids)
        db.add(statement)
        db.flush()


def _require_length(study: Study, text: str) -> None:
    unit = LengthUnit(study.length_unit)
    length = length_of(text, unit)
    if length == 0:
        raise BadRequest(EMPTY, code="too_short")
    if length < study.minimum_words:
        raise BadRequest(
            TOO_SHORT.filled(length=length_text(length, unit), least=length_text(study.minimum_words, unit)),
            code="too_short",
        )
    if length > study.maximum_words:
        raise _too_long(length, study.maximum_words, unit)
    if len(text) > _MAX_TEXT:
        raise _too_long(len(text), _MAX_TEXT, LengthUnit.CHARACTERS)


def _too_long(length: int, most: int, unit: LengthUnit) -> BadRequest:
    return BadRequest(
        TOO_LONG.filled(length=length_text(length, unit), most=length_text(most, unit)),
        code="too_long",
    )


def _log_complete(db: Session, session_id: int, answer: Answer) -> bool:
    if answer.epoch_number is None or answer.events is None:
        return False
    stored = db.scalar(
        select(Epoch.next_seq).where(Epoch.session_id == session_id, Epoch.number == answer.epoch_number)
    )
    # Events that occurred while the submission was in transit (pointer movement, loss of focus) may be stored after it.
    return stored is not None and stored >= answer.events

"""Store the submission of a session: the final text."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import Epoch, SessionState, Study, Submission, WritingSession
from keytrail.provenance.formatting import count
from keytrail.sessions.word_count import count_words

_MAX_TEXT = 200_000


@dataclass(frozen=True)
class Answer:
    """What the worker submits. `events` is the number of events that the page cut in this epoch, None without a log."""

    text: str
    comment: str = ""
    epoch_number: int | None = None
    events: int | None = None


def submit(db: Session, session_id: int, answer: Answer, now: datetime) -> Submission:
    """Store the answer; a second call returns what the first one stored.

    Never depends on the log: if events are missing the submission is marked, not refused. Raises BadRequest if the text
    breaks the study's word limits or is longer than 200,000 characters, Conflict if the assignment was returned.
    """
    session = db.scalar(select(WritingSession).where(WritingSession.id == session_id).with_for_update())
    if session is None:
        raise NotFound("This writing session is not known here.")
    stored = db.scalar(select(Submission).where(Submission.session_id == session_id))
    if stored is not None:
        return stored
    if session.state == SessionState.RETURNED:
        raise Conflict("This task was returned, so it cannot be submitted any more.", code="returned")
    text = answer.text.replace("\r\n", "\n").replace("\r", "\n")
    submission = Submission(
        public_id=secrets.token_hex(8),
        study_id=session.study_id,
        session_id=session_id,
        item_id=session.item_id,
        worker_id=session.worker_id,
        epoch_number=answer.epoch_number,
        text=text,
        comment=answer.comment.strip()[:5000],
        words=_checked_words(db, session, text),
        log_complete=_log_complete(db, session_id, answer),
        submitted_at=now,
    )
    session.state = SessionState.SUBMITTED
    session.ended_at = now
    db.add(submission)
    db.flush()
    return submission


def _checked_words(db: Session, session: WritingSession, text: str) -> int:
    study = db.get_one(Study, session.study_id)
    words = count_words(text)
    if words == 0:
        raise BadRequest("The answer is empty. Write your text before you submit.", code="too_short")
    if words < study.minimum_words:
        raise BadRequest(
            f"Your text has {count(words, 'word')}. Write at least {study.minimum_words:,}, then submit again. "
            "Your text is kept.",
            code="too_short",
        )
    if words > study.maximum_words:
        raise BadRequest(
            f"Your text has {count(words, 'word')}. Shorten it to at most {study.maximum_words:,}, then submit again. "
            "Your text is kept.",
            code="too_long",
        )
    if len(text) > _MAX_TEXT:
        raise BadRequest(
            f"Your text has {count(len(text), 'character')}. Shorten it to at most {_MAX_TEXT:,}, then submit again. "
            "Your text is kept.",
            code="too_long",
        )
    return words


def _log_complete(db: Session, session_id: int, answer: Answer) -> bool:
    if answer.epoch_number is None or answer.events is None:
        return False
    stored = db.scalar(
        select(Epoch.next_seq).where(Epoch.session_id == session_id, Epoch.number == answer.epoch_number)
    )
    # Events that occurred while the submission was in transit (pointer movement, loss of focus) may be stored after it.
    return stored is not None and stored >= answer.events

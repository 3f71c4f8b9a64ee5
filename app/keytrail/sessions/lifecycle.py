"""The lifecycle of a writing session: open it after consent, add page loads, end it by return or withdrawal."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.base import ExecutableOption

from keytrail.errors import NotFound, TooMany
from keytrail.keyring import Keyring
from keytrail.language import Message, counted_message, message
from keytrail.models import (
    AssignmentIdentity,
    CopyingExercise,
    Epoch,
    Item,
    PlatformAssignment,
    SessionState,
    Study,
    StudyState,
    Worker,
    WorkerIdentity,
    WritingSession,
)
from keytrail.platforms import Assignment
from keytrail.platforms.registry import phrases_of
from keytrail.sessions.confirmation import confirm
from keytrail.sessions.item_allocation import named_item, next_item, published_item
from keytrail.sessions.names import assignment_pseudonym, worker_pseudonym
from keytrail.sessions.participation import NotEligible, remember_person, require_eligible
from keytrail.sessions.randomisation import condition_for

MAX_EPOCHS = 500


def study_closed(study: Study) -> Message:
    """What a worker is told while a study takes nobody."""
    leave = phrases_of(study.platform).leave
    return message("This study is not accepting new work at the moment. %(leave)s", leave=leave)


def find_session(db: Session, study: Study, assignment: Assignment, keyring: Keyring) -> WritingSession | None:
    """Return this worker's session with this assignment's id, unless it was returned.

    Another worker's session under the same id is not returned: a marketplace gives the id of returned work to the next
    worker.
    """
    return db.scalar(
        select(WritingSession)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .where(
            WritingSession.study_id == study.id,
            WritingSession.assignment_pseudonym == assignment_pseudonym(study, assignment.assignment_id, keyring),
            WritingSession.state != SessionState.RETURNED,
            Worker.pseudonym == worker_pseudonym(study, assignment.worker_id, keyring),
        )
        .options(
            joinedload(WritingSession.item), joinedload(WritingSession.worker), joinedload(WritingSession.identity)
        )
    )


def session_with_nonce(
    db: Session, session_id: int, nonce: str, options: Sequence[ExecutableOption] = ()
) -> WritingSession:
    """Return the session for which a page was served. Raises NotFound if it was erased, even if its id exists again."""
    query = select(WritingSession).where(WritingSession.id == session_id, WritingSession.nonce == nonce)
    session = db.scalar(query.options(*options))
    if session is None:
        raise NotFound(
            message(
                "What was recorded on this page has been deleted at your request or the requester's, so nothing more "
                "can be saved here. Open the task again from where you found it if you want to do it."
            ),
            code="session_erased",
        )
    return session


def open_session(
    db: Session, study: Study, assignment: Assignment, keyring: Keyring, now: datetime, item_key: str | None = None
) -> WritingSession:
    """Record consent, allocate an item and assign the condition; an existing session of the worker under this id is
    returned.

    A visit that names an item, or a published task, gets that item. Raises NotEligible if the study takes nobody, does
    not take this worker, or has nothing left for this worker; NotFound if it has no item of that name.
    """
    existing = find_session(db, study, assignment, keyring)
    if existing is None:
        # Concurrent requests wait here: the same assignment in two tabs, or two workers for the last place.
        db.execute(select(Study.id).where(Study.id == study.id).with_for_update())
        existing = find_session(db, study, assignment, keyring)
    if existing is not None:
        return existing
    if study.state != StudyState.OPEN:
        raise NotEligible(study_closed(study), code="study_closed")
    require_eligible(db, study, assignment, keyring)
    worker = _worker(db, study, assignment, keyring, now)
    if item_key is not None:
        item: Item | None = named_item(db, study, worker, item_key)
    else:
        item = published_item(db, study, worker, assignment.task_id) or next_item(db, study, worker, now)
    if item is None:
        raise NotEligible(
            message(
                "There is no text left for you in this study: you have worked on each of them, or all places are "
                "taken. %(leave)s",
                leave=phrases_of(study.platform).leave,
            ),
            code="nothing_left",
        )
    session = WritingSession(
        study_id=study.id,
        item=item,
        worker=worker,
        assignment_pseudonym=assignment_pseudonym(study, assignment.assignment_id, keyring),
        condition=condition_for(db, study, worker, keyring),
        page_rules=study.page_rules,
        consented_at=now,
        expires_at=now + timedelta(minutes=study.assignment_minutes),
        identity=AssignmentIdentity(
            assignment_id=assignment.assignment_id, task_id=assignment.task_id, submit_origin=assignment.submit_origin
        ),
    )
    if _is_known_to_hold(db, session, worker):
        confirm(session, now)
    db.add(session)
    db.flush()
    return session


def _is_known_to_hold(db: Session, session: WritingSession, worker: Worker) -> bool:
    """Return whether the platform has already named this worker as the holder of the session's assignment."""
    query = select(PlatformAssignment.id).where(
        PlatformAssignment.study_id == session.study_id,
        PlatformAssignment.pseudonym == session.assignment_pseudonym,
        PlatformAssignment.worker_pseudonym == worker.pseudonym,
    )
    return db.scalar(query) is not None


def open_epoch(db: Session, session: WritingSession, now: datetime, most: int = MAX_EPOCHS) -> Epoch:
    """Add a page load to an open session. Raises TooMany after `most` of them."""
    # PostgreSQL would give two page loads at once the same number. References to the session may be stored meanwhile.
    db.execute(select(WritingSession.id).where(WritingSession.id == session.id).with_for_update(key_share=True))
    last = db.scalar(select(func.max(Epoch.number)).where(Epoch.session_id == session.id))
    number = 0 if last is None else last + 1
    if number >= most:
        raise TooMany(
            counted_message(
                "This task was loaded %(count)s time, more often than this server allows. Your text is kept: submit it "
                "from a tab that is still open, or write to the requester.",
                "This task was loaded %(count)s times, more often than this server allows. Your text is kept: submit "
                "it from a tab that is still open, or write to the requester.",
                number,
            ),
            code="too_many_loads",
        )
    epoch = Epoch(session_id=session.id, number=number, opened_at=now)
    db.add(epoch)
    db.flush()
    return epoch


def show_plain_source(session: WritingSession, now: datetime) -> None:
    """Record that the worker asked for the item as text instead of a picture; the first time is kept."""
    session.plain_source_at = session.plain_source_at or now


def withdraw_session(db: Session, session: WritingSession, now: datetime) -> None:
    """Withdraw the worker's session: like `return_session`, and the worker's wish is recorded."""
    if session.state == SessionState.OPEN:
        session.withdrawn_at = now
    return_session(db, session, now)


def return_session(db: Session, session: WritingSession, now: datetime) -> None:
    """Return the assignment: release its place and delete its log. Called by the worker or for the platform."""
    if session.state == SessionState.OPEN:
        session.state = SessionState.RETURNED
        session.ended_at = now
        db.execute(delete(Epoch).where(Epoch.session_id == session.id))
        db.execute(delete(CopyingExercise).where(CopyingExercise.session_id == session.id))


def assignment_of(session: WritingSession, worker_id: str = "") -> Assignment:
    """Return the platform's view of a session whose identity is loaded."""
    identity = session.identity
    if identity is None:
        return Assignment(worker_id=worker_id, assignment_id="")
    return Assignment(
        worker_id=worker_id,
        assignment_id=identity.assignment_id,
        task_id=identity.task_id,
        submit_origin=identity.submit_origin,
    )


def _worker(db: Session, study: Study, assignment: Assignment, keyring: Keyring, now: datetime) -> Worker:
    pseudonym = worker_pseudonym(study, assignment.worker_id, keyring)
    worker = db.scalar(select(Worker).where(Worker.study_id == study.id, Worker.pseudonym == pseudonym))
    if worker is None:
        identity = WorkerIdentity(platform=study.platform, platform_worker_id=assignment.worker_id)
        worker = Worker(study_id=study.id, pseudonym=pseudonym, first_seen_at=now, identity=identity)
        db.add(worker)
        db.flush()
        remember_person(db, study, worker, assignment.worker_id, keyring)
    return worker

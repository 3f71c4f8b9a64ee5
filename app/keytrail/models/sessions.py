"""Writing sessions (one worker writing about one item), their page loads and their event log."""

import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from keytrail.db import UtcDateTime, UtcMillis
from keytrail.models.base import Base, Stamped
from keytrail.models.studies import Item, Study, Worker

# Kinds of logs: our own recorder's, and the keydown, paste and copy logs of 2023 that an importer read.
WIRE_1 = "wire-1"
KEYLOG = "keylog"


def _fresh_nonce() -> str:
    return secrets.token_urlsafe(12)


class SessionState(StrEnum):
    """The state of a writing session. Open sessions hold a place until they expire."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"


class WritingSession(Stamped, Base):
    """One worker's work under one id of the platform: an MTurk assignment, a Prolific submission, a panel's visit.

    The platform's id alone does not identify it: MTurk gives the id of returned work to the next worker. A worker has
    at most one session under an id that is not returned. `confirmed_at` is when the platform, or the signature in the
    link, confirmed that the id is this worker's (keytrail/sessions/confirmation.py). `withdrawn_at` is when the worker
    withdrew; a session that the platform took back has none.

    `condition` was assigned when the session began and never changes; `page_rules` are the study's rules that its task
    page had then and keeps. `plain_source_at` is when the worker asked for the item as text in a condition that shows
    it as a picture. `coarsened_at` is when the log's times were rounded to seconds, and `masked_at` when its text was
    masked (keytrail/review/retention). `nonce` is random and part of every ticket, so that the ticket of an erased
    session is not valid for another session with the same id.
    """

    __tablename__ = "writing_sessions"
    __table_args__ = (
        Index(
            "ix_writing_sessions_assignment",
            "study_id",
            "assignment_pseudonym",
            "worker_id",
            unique=True,
            sqlite_where=text("state <> 'returned'"),
            postgresql_where=text("state <> 'returned'"),
        ),
        Index("ix_writing_sessions_places", "item_id", "state"),
        Index("ix_writing_sessions_worker", "worker_id"),
        # Includes what identifies drop-outs, so that the counts can be read from the index.
        Index("ix_writing_sessions_stamps", "study_id", "state", "expires_at", "stamp"),
        # SQLite would reuse the id of the newest session once that is erased.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    assignment_pseudonym: Mapped[str] = mapped_column(String(32))
    condition: Mapped[str | None] = mapped_column(String(64))
    page_rules: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[SessionState] = mapped_column(String(16), default=SessionState.OPEN)
    consented_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    plain_source_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    coarsened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    masked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    nonce: Mapped[str] = mapped_column(String(32), default=_fresh_nonce)

    study: Mapped[Study] = relationship(lazy="raise")
    item: Mapped[Item] = relationship(lazy="raise")
    worker: Mapped[Worker] = relationship(lazy="raise")
    identity: Mapped["AssignmentIdentity | None"] = relationship(lazy="raise", cascade="all, delete-orphan")


class AssignmentIdentity(Base):
    """The platform's own ids of an assignment and the target of its form; needed to finish and to pay."""

    __tablename__ = "assignment_identities"

    session_id: Mapped[int] = mapped_column(ForeignKey("writing_sessions.id", ondelete="CASCADE"), primary_key=True)
    assignment_id: Mapped[str] = mapped_column(String(128))
    task_id: Mapped[str | None] = mapped_column(String(128))
    submit_origin: Mapped[str | None] = mapped_column(String(300))


class AddressCount(Base):
    """How many sessions began from one network since `began_at`; `network` is a keyed hash of its address.

    Deleted with the first session that begins after its hour (keytrail/sessions/beginnings.py).
    """

    __tablename__ = "address_counts"

    network: Mapped[str] = mapped_column(String(32), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    sessions: Mapped[int] = mapped_column(Integer)


class Epoch(Base):
    """One page load within a writing session.

    `next_seq` is the number of events stored without a gap, `reached_seq` one more than the last event stored, and
    `stored_bytes` the size of all stored bodies. `batches` is their number, and `last_link` the last one's link in the
    chain of evidence. `conflicting_batches` counts requests that repeated a stored batch with other content; the first
    one stays. `events`, `characters` and `plain_bytes` count towards the limits of a log
    (keytrail/sessions/eventlog/limits.py); from event `cut_seq` on the page load exceeded them, and batches were
    acknowledged but not stored.
    """

    __tablename__ = "epochs"
    __table_args__ = (UniqueConstraint("session_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("writing_sessions.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    opened_at: Mapped[datetime] = mapped_column(UtcMillis)
    format: Mapped[str] = mapped_column(String(16), default=WIRE_1)
    next_seq: Mapped[int] = mapped_column(Integer, default=0)
    reached_seq: Mapped[int] = mapped_column(Integer, default=0)
    batches: Mapped[int] = mapped_column(Integer, default=0)
    last_link: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    stored_bytes: Mapped[int] = mapped_column(Integer, default=0)
    conflicting_batches: Mapped[int] = mapped_column(Integer, default=0)
    events: Mapped[int] = mapped_column(Integer, default=0)
    characters: Mapped[int] = mapped_column(Integer, default=0)
    plain_bytes: Mapped[int] = mapped_column(Integer, default=0)
    cut_seq: Mapped[int | None] = mapped_column(Integer)


class EventBatch(Base):
    """Events as they were sent, never changed (except for retention, by keytrail/sessions/eventlog/rewriting.py).

    `body` is written and read by keytrail/sessions/codec. `stamp` is its place in the order in which batches were
    stored, the clocks, and a keyed hash of this one and of the previous one (keytrail/sessions/eventlog/stamp.py).
    """

    __tablename__ = "event_batches"

    epoch_id: Mapped[int] = mapped_column(ForeignKey("epochs.id", ondelete="CASCADE"), primary_key=True)
    first_seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    stamp: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)

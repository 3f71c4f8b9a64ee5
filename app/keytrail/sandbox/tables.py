"""The tables of the sandbox marketplace. Times are UTC, money is whole cents."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from keytrail.sandbox.columns import Base, Json

SCHEMA_VERSION = 1


class HitStatus(StrEnum):
    """A HIT's states, as MTurk names them."""

    ASSIGNABLE = "Assignable"
    UNASSIGNABLE = "Unassignable"
    REVIEWABLE = "Reviewable"
    REVIEWING = "Reviewing"
    DISPOSED = "Disposed"


class AssignmentStatus(StrEnum):
    """An assignment's states; the requester API knows only Submitted, Approved and Rejected."""

    ACCEPTED = "Accepted"
    SUBMITTED = "Submitted"
    APPROVED = "Approved"
    REJECTED = "Rejected"
    RETURNED = "Returned"
    ABANDONED = "Abandoned"


FINISHED = (AssignmentStatus.SUBMITTED, AssignmentStatus.APPROVED, AssignmentStatus.REJECTED)
"""States that a requester can see."""
TAKEN = (AssignmentStatus.ACCEPTED, *FINISHED)
"""States that use up one of a HIT's places."""


class SchemaVersion(Base):
    """One row: the version of the schema that created this file."""

    __tablename__ = "schema_version"
    version: Mapped[int] = mapped_column(primary_key=True)


class Trial(Base):
    """One load of the quick frame: an assignment without a HIT, of a worker without an account."""

    __tablename__ = "trials"
    assignment_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    slug: Mapped[str] = mapped_column(String(100))
    worker_id: Mapped[str] = mapped_column(String(64))
    hit_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)


class Worker(Base):
    """A worker with an account on the worker site."""

    __tablename__ = "workers"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str]
    country: Mapped[str] = mapped_column(String(2))
    subdivision: Mapped[str] = mapped_column(String(3), default="")
    created_at: Mapped[datetime]


class SignIn(Base):
    """A signed-in browser; the cookie holds the token, the table only its SHA-256."""

    __tablename__ = "sign_ins"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("workers.id"))
    expires_at: Mapped[datetime]


class FailedSignIn(Base):
    """A wrong password, counted per e-mail address to slow guessing down."""

    __tablename__ = "failed_sign_ins"
    id: Mapped[int] = mapped_column(primary_key=True)
    email_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]


class HitType(Base):
    """What HITs of one kind share; equal values give the same type, found by `fingerprint`."""

    __tablename__ = "hit_types"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    group_id: Mapped[str] = mapped_column(String(64), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(Text)
    keywords: Mapped[str]
    reward_cents: Mapped[int]
    duration_s: Mapped[int]
    approval_delay_s: Mapped[int]
    requirements: Mapped[list[Json]]
    created_at: Mapped[datetime]
    notification: Mapped[Json | None]
    notify: Mapped[bool] = mapped_column(default=False)


class Hit(Base):
    """One task, to be done by `max_assignments` different workers. `large` fixes the fee."""

    __tablename__ = "hits"
    __table_args__ = (Index("hits_by_status", "status", "expires_at"),)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    type_id: Mapped[str] = mapped_column(ForeignKey("hit_types.id"), index=True)
    question: Mapped[str] = mapped_column(Text)
    max_assignments: Mapped[int]
    large: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    expiry_noted: Mapped[bool] = mapped_column(default=False)
    annotation: Mapped[str | None]
    status: Mapped[str]
    reviewable_at: Mapped[datetime | None]
    review_policy: Mapped[Json | None]
    type: Mapped[HitType] = relationship(lazy="joined", innerjoin=True)


class Assignment(Base):
    """One worker's assignment of one HIT. Once it is returned or abandoned, its id goes to the next worker who
    accepts.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index("assignments_by_deadline", "status", "deadline"),
        Index("assignments_by_approval", "status", "approve_at"),
        Index("assignments_by_hit", "hit_id", "status"),
        Index("assignments_by_worker", "worker_id", "accepted_at"),
        Index(
            "assignments_one_each",
            "hit_id",
            "worker_id",
            unique=True,
            sqlite_where=text("status NOT IN ('Returned', 'Abandoned')"),
        ),
    )
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    hit_id: Mapped[str] = mapped_column(ForeignKey("hits.id"))
    worker_id: Mapped[str] = mapped_column(ForeignKey("workers.id"))
    status: Mapped[str]
    accepted_at: Mapped[datetime]
    deadline: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    approve_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    rejected_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    feedback: Mapped[str | None] = mapped_column(Text)
    review: Mapped[Json | None]
    hit: Mapped[Hit] = relationship(lazy="raise")


class QualificationType(Base):
    """A qualification type: one of the marketplace's own (`system`) or the requester's.

    Names are unique among those that are not deleted.
    """

    __tablename__ = "qualification_types"
    __table_args__ = (Index("qualification_type_names", "name", unique=True, sqlite_where=text("deleted_at IS NULL")),)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(Text)
    keywords: Mapped[str]
    system: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool]
    auto_granted: Mapped[bool]
    auto_granted_value: Mapped[int]
    retry_delay_s: Mapped[int | None]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class Qualification(Base):
    """A worker has, or had, a qualification."""

    __tablename__ = "qualifications"
    type_id: Mapped[str] = mapped_column(ForeignKey("qualification_types.id"), primary_key=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("workers.id"), primary_key=True)
    value: Mapped[int | None]
    granted: Mapped[bool]
    granted_at: Mapped[datetime]


class QualificationRequest(Base):
    """A worker's request for a qualification; `outcome` stays None until the requester answers."""

    __tablename__ = "qualification_requests"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    type_id: Mapped[str] = mapped_column(ForeignKey("qualification_types.id"), index=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("workers.id"))
    requested_at: Mapped[datetime]
    outcome: Mapped[str | None]


class Bonus(Base):
    """A bonus. Recorded only."""

    __tablename__ = "bonuses"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("workers.id"))
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignments.id"), index=True)
    cents: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime]


class Entry(Base):
    """A movement on the requester's account: positive for the deposit, negative for what was paid."""

    __tablename__ = "entries"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    cents: Mapped[int]
    reference: Mapped[str | None]
    at: Mapped[datetime]


class Block(Base):
    """A worker whom the requester blocked."""

    __tablename__ = "blocks"
    worker_id: Mapped[str] = mapped_column(ForeignKey("workers.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    blocked_at: Mapped[datetime]


class RequestToken(Base):
    """A used UniqueRequestToken, with its result."""

    __tablename__ = "request_tokens"
    scope: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    result: Mapped[str]
    used_at: Mapped[datetime]


class Message(Base):
    """A message in a worker's inbox."""

    __tablename__ = "messages"
    id: Mapped[int] = mapped_column(primary_key=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("workers.id"), index=True)
    subject: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Notice(Base):
    """A notification that MTurk would have sent to the requester's queue. Recorded, never sent."""

    __tablename__ = "notices"
    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str]
    destination: Mapped[str]
    hit_type_id: Mapped[str | None]
    hit_id: Mapped[str | None]
    assignment_id: Mapped[str | None]
    at: Mapped[datetime]

"""Platforms: plans, tasks, actions and their results, assignments, exclusions."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from keytrail.db import BrowserText, UtcDateTime
from keytrail.models.accounts import User
from keytrail.models.base import Base
from keytrail.models.reviews import Submission
from keytrail.models.studies import Item, Worker


class PlatformPlan(Base):
    """A study's settings on its platform. `options` are the form's own fields, all of them text.

    `budget_cents` is the most that publishing and bonuses may commit, fees included; None is no limit.
    """

    __tablename__ = "platform_plans"

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True)
    budget_cents: Mapped[int | None] = mapped_column(Integer)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class PlatformTask(Base):
    """What workers take part in: a HIT for one item, or a study or project at the platform for all of them (no item).

    Counts are the platform's own, as of `synced_at`. `place_cents` is what one place costs, the fee included.
    `expires_at` is None where the platform sets no end. `quoted_cents` is what the platform said all places cost, None
    where it did not say or has other places since.
    """

    __tablename__ = "platform_tasks"
    __table_args__ = (
        UniqueConstraint("study_id", "external_id"),
        Index("ix_platform_tasks_item", "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    external_id: Mapped[str] = mapped_column(String(128))
    group_id: Mapped[str] = mapped_column(String(128), default="")
    status: Mapped[str] = mapped_column(String(32))
    places: Mapped[int] = mapped_column(Integer)
    available: Mapped[int] = mapped_column(Integer)
    pending: Mapped[int] = mapped_column(Integer, default=0)
    completed: Mapped[int] = mapped_column(Integer, default=0)
    place_cents: Mapped[int] = mapped_column(Integer)
    quoted_cents: Mapped[int | None] = mapped_column(Integer)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    synced_at: Mapped[datetime] = mapped_column(UtcDateTime)

    item: Mapped[Item | None] = relationship(lazy="raise")


class ActionKind(StrEnum):
    """What can be asked of a platform.

    DRAFT creates what PUBLISH opens to workers; on Mechanical Turk, PUBLISH does both. RETURN asks a worker to give a
    submission back, PART_PAY pays a share of the reward, SCREEN_OUT the fixed amount for whoever does not qualify.
    """

    DRAFT = "draft"
    PUBLISH = "publish"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    EXPIRE = "expire"
    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"
    PART_PAY = "part_pay"
    SCREEN_OUT = "screen_out"
    BONUS = "bonus"
    EXCLUDE = "exclude"
    READMIT = "readmit"
    MESSAGE = "message"


class ActionState(StrEnum):
    """The state of an action.

    SENDING was started and has no answer on record; FAILED was refused and changed nothing; UNSURE may have been done
    and must not be sent again before a person has checked the platform.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    CANCELLED = "cancelled"


class PlatformAction(Base):
    """A request to a platform: queued by a person, sent by a person, never deleted.

    `token` makes sending idempotent. `amount_cents` goes to workers, `fee_cents` to the platform, in the `currency`
    that the platform charges. `reason` is what the worker is told; `parameters` are further inputs of the kind;
    `outcome` is the platform's answer in words, `external_ref` an id that it returned.
    """

    __tablename__ = "platform_actions"
    __table_args__ = (
        Index("ix_platform_actions_study", "study_id", "state", "id"),
        Index("ix_platform_actions_submission", "submission_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    kind: Mapped[ActionKind] = mapped_column(String(16))
    state: Mapped[ActionState] = mapped_column(String(16), default=ActionState.QUEUED)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id", ondelete="SET NULL"))
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id", ondelete="SET NULL"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="SET NULL"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("platform_tasks.id", ondelete="SET NULL"))
    amount_cents: Mapped[int] = mapped_column(Integer, default=0)
    fee_cents: Mapped[int] = mapped_column(Integer, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(BrowserText, default="")
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    queued_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    sending_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    outcome: Mapped[str] = mapped_column(Text, default="")
    external_ref: Mapped[str] = mapped_column(String(128), default="")

    queued_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[queued_by_id])
    sent_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[sent_by_id])
    submission: Mapped[Submission | None] = relationship(lazy="raise")
    worker: Mapped[Worker | None] = relationship(lazy="raise")
    item: Mapped[Item | None] = relationship(lazy="raise")
    task: Mapped[PlatformTask | None] = relationship(lazy="raise")


class PlatformAssignment(Base):
    """The platform's latest status of one assignment, under the pseudonym of its writing sessions.

    `worker_pseudonym` is the worker who holds it at the platform, None while the platform has not named one. `clear_id`
    is the platform's id, stored only while no writing session is known for it: somebody may have to be paid.
    """

    __tablename__ = "platform_assignments"
    __table_args__ = (UniqueConstraint("study_id", "pseudonym"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    pseudonym: Mapped[str] = mapped_column(String(32))
    worker_pseudonym: Mapped[str | None] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(32))
    clear_id: Mapped[str | None] = mapped_column(String(128))
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlatformEvent(Base):
    """A signed message from a platform, stored so that a repetition changes nothing.

    The platform gives each of its retries the same `event_id` and a new signature. Nothing signs the id, so whoever
    repeats a message can invent one, and leaves the `signature` as it is.
    """

    __tablename__ = "platform_events"
    __table_args__ = (UniqueConstraint("study_id", "signature"),)

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    signature: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WorkerPerson(Base):
    """The keyed id of one worker in all studies of one owner on one platform."""

    __tablename__ = "worker_persons"
    __table_args__ = (Index("ix_worker_persons_person", "owner_id", "person"),)

    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(String(32))


class Exclusion(Base):
    """A person who may not take part in further studies of one owner. `reason` is for the team, not for the worker."""

    __tablename__ = "exclusions"
    __table_args__ = (UniqueConstraint("owner_id", "person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    person: Mapped[str] = mapped_column(String(32))
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(500))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

"""Notifications: their targets, and the messages in the outbox."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from keytrail.db import UtcDateTime
from keytrail.models.base import Base


class MessageKind(StrEnum):
    """A message's subject. The values are the types of webhook messages; never change them."""

    COMPLETE = "submissions.complete"
    FLAGGED = "submissions.flagged"
    PAYMENTS = "payments.waiting"
    BUDGET = "budget.reached"
    TEST = "test"
    PASSWORD = "password.forgotten"  # noqa: S105 - a kind of message


class DeliveryState(StrEnum):
    """A delivery's state. Only WAITING deliveries are tried."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class NotificationTarget(Base):
    """A target of a study's messages: a webhook at `url`, or mail to the member `user_id`.

    `added_by_id` is the owner who added or restored it. A webhook's messages end when they own the study no more.

    `events` are MessageKinds. `flagged_percent` and `budget_percent` are the thresholds of two of them. A webhook's key
    is derived from `salt` (keytrail/notifications/signing.py), so no secret is stored.
    """

    __tablename__ = "notification_targets"

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), index=True)
    url: Mapped[str | None] = mapped_column(String(500))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    events: Mapped[list[str]] = mapped_column(JSON)
    flagged_percent: Mapped[int] = mapped_column(Integer)
    budget_percent: Mapped[int] = mapped_column(Integer)
    salt: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NotificationLatch(Base):
    """Records that a target was notified of a condition that still holds. It is notified again only after the condition
    has ended in between.
    """

    __tablename__ = "notification_latches"

    target_id: Mapped[int] = mapped_column(ForeignKey("notification_targets.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[MessageKind] = mapped_column(String(32), primary_key=True)


class Delivery(Base):
    """One message to one target. `message_id` is the same at every try, so that a receiver can drop a repeat.

    `data` are the message's figures; `outcome` describes the latest try. A delivery without a target goes to the
    address of `user_id` and is about the account.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_due", "state", "next_try_at"),
        Index("ix_deliveries_study", "study_id", "id"),
        # Whoever sends one knows its number alone; SQLite would give that of a removed one to the next.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(40), unique=True)
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    target_id: Mapped[int | None] = mapped_column(ForeignKey("notification_targets.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[MessageKind] = mapped_column(String(32))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[DeliveryState] = mapped_column(String(16), default=DeliveryState.WAITING)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(300), default="")

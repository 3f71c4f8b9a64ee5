"""The outbox: messages that are to be sent, until they are delivered or have failed too often."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from keytrail.errors import NotFound
from keytrail.models import Delivery, DeliveryState, MessageKind, NotificationTarget, Study
from keytrail.notifications.failures import DeliveryFailed

BACK_OFF: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""The waiting time after each failed try; after the last of them the message has failed."""
_MOST_TRIES: Final = len(BACK_OFF) + 1
LEASE: Final = timedelta(minutes=2)
"""A message that a server was sending when it was killed is tried again after this time."""
_MAX_OUTCOME: Final = 300


def put(db: Session, target: NotificationTarget, kind: MessageKind, data: Mapping[str, Any], now: datetime) -> Delivery:
    """Put a message to one of a study's targets into the outbox."""
    delivery = _delivery(kind, data, now)
    delivery.study_id, delivery.target_id, delivery.user_id = target.study_id, target.id, target.user_id
    db.add(delivery)
    return delivery


def put_for_user(db: Session, user_id: int, kind: MessageKind, now: datetime) -> Delivery:
    """Put a message about an account, to its own address, into the outbox."""
    delivery = _delivery(kind, {}, now)
    delivery.user_id = user_id
    db.add(delivery)
    return delivery


def is_due(db: Session, now: datetime) -> bool:
    """Whether any message is to be sent now."""
    return db.scalar(select(Delivery.id).where(*_due(now)).limit(1)) is not None


def claim_next(db: Session, now: datetime) -> Delivery | None:
    """Claim the due message that has waited longest. No other server gets it within the lease.

    People who wait for a link to their account come first: a study's receivers may be many and slow.
    """
    found = db.scalar(
        select(Delivery)
        .where(*_due(now))
        .order_by(Delivery.study_id.is_not(None), Delivery.next_try_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is not None:
        found.tries += 1
        found.next_try_at = now + LEASE
    return found


def record_delivered(delivery: Delivery, outcome: str, now: datetime) -> None:
    """Record that a message was delivered."""
    delivery.state, delivery.ended_at, delivery.outcome = DeliveryState.DELIVERED, now, outcome[:_MAX_OUTCOME]


def was_interrupted_too_often(delivery: Delivery) -> bool:
    """Whether every try so far ended with its process: it may be the message that ends it."""
    return delivery.tries > _MOST_TRIES


def record_failed(delivery: Delivery, failure: DeliveryFailed, now: datetime) -> None:
    """Record a failed try; the message is tried again later, or not at all."""
    delivery.outcome = str(failure)[:_MAX_OUTCOME]
    if failure.for_good or delivery.tries >= _MOST_TRIES:
        delivery.state, delivery.ended_at = DeliveryState.FAILED, now
    else:
        delivery.next_try_at = now + BACK_OFF[delivery.tries - 1]


def retry(db: Session, study: Study, number: int, now: datetime) -> None:
    """Try a message of the study again from the beginning. Raises NotFound."""
    found = db.get(Delivery, number, with_for_update=True)
    if found is None or found.study_id != study.id:
        raise NotFound("There is no such delivery in this study.")
    if found.state == DeliveryState.FAILED:
        found.state, found.tries, found.next_try_at, found.ended_at = DeliveryState.WAITING, 0, now, None


def deliveries_of(db: Session, study: Study, limit: int) -> Sequence[Delivery]:
    """Return a study's messages, newest first."""
    return db.scalars(
        select(Delivery).where(Delivery.study_id == study.id).order_by(Delivery.id.desc()).limit(limit)
    ).all()


def _due(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Delivery.state == DeliveryState.WAITING, Delivery.next_try_at <= now


def _delivery(kind: MessageKind, data: Mapping[str, Any], now: datetime) -> Delivery:
    return Delivery(
        message_id=f"msg_{secrets.token_hex(12)}", kind=kind, data=dict(data), created_at=now, next_try_at=now
    )

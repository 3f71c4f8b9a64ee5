"""Messages in workers' inboxes."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from keytrail.sandbox.tables import Message, Worker


def send_message(db: Session, worker_id: str, subject: str, text: str, now: datetime) -> None:
    """Put a message into a worker's inbox."""
    db.add(Message(worker_id=worker_id, subject=subject, text=text, sent_at=now))


def unread(db: Session, worker: Worker) -> int:
    """Count the worker's unread messages."""
    query = select(func.count()).where(Message.worker_id == worker.id, Message.read_at.is_(None))
    return db.scalar(query) or 0


def read_inbox(db: Session, worker: Worker, now: datetime, limit: int) -> list[Message]:
    """Return the newest messages, and mark all of the worker's as read."""
    query = select(Message).where(Message.worker_id == worker.id).order_by(Message.sent_at.desc(), Message.id.desc())
    messages = list(db.scalars(query.limit(limit)))
    for message in messages:
        db.expunge(message)
    db.execute(update(Message).where(Message.worker_id == worker.id, Message.read_at.is_(None)).values(read_at=now))
    return messages

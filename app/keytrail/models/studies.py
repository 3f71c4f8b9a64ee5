"""What a requester sets up, and who works on it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from keytrail.db import BrowserText, UtcDateTime
from keytrail.models.base import Base, Stamped


class StudyState(StrEnum):
    """Whether workers are let in. A draft has never been published."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class Study(Base):
    """A writing task with its items, platform, reward and rules."""

    __tablename__ = "studies"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    instructions: Mapped[str] = mapped_column(BrowserText)
    consent: Mapped[str] = mapped_column(BrowserText)
    minimum_words: Mapped[int] = mapped_column(Integer)
    maximum_words: Mapped[int] = mapped_column(Integer)
    reward_cents: Mapped[int] = mapped_column(Integer)
    currency: Mapped[str] = mapped_column(String(3))
    platform: Mapped[str] = mapped_column(String(32))
    platform_options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    places_per_item: Mapped[int] = mapped_column(Integer)
    reviews_per_submission: Mapped[int] = mapped_column(Integer, default=1)
    assignment_minutes: Mapped[int] = mapped_column(Integer)
    asks_model_use: Mapped[bool] = mapped_column(default=False)
    return_after_withdrawal: Mapped[bool] = mapped_column(default=True)
    state: Mapped[StudyState] = mapped_column(String(16), default=StudyState.OPEN)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Item(Stamped, Base):
    """One source text to be summarised; `fields` are further columns of the file it came from."""

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("study_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(128))
    title: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(BrowserText)
    fields: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class ItemUpload(Base):
    """A file of items between its upload and the choice of its columns. Removed when imported, or after a day."""

    __tablename__ = "item_uploads"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Worker(Base):
    """A person on a platform, known in one study by a keyed pseudonym."""

    __tablename__ = "workers"
    __table_args__ = (UniqueConstraint("study_id", "pseudonym"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    pseudonym: Mapped[str] = mapped_column(String(32))
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    identity: Mapped["WorkerIdentity | None"] = relationship(lazy="raise", cascade="all, delete-orphan")


class WorkerIdentity(Base):
    """The platform's own id of a worker, apart from everything else so that it can be erased alone."""

    __tablename__ = "worker_identities"

    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id", ondelete="CASCADE"), primary_key=True)
    platform: Mapped[str] = mapped_column(String(32))
    platform_worker_id: Mapped[str] = mapped_column(String(128))

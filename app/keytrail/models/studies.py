"""Studies, their items, and the workers who take part."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    func,
    literal_column,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from keytrail.db import BrowserText, UtcDateTime
from keytrail.models.base import Base, Stamped


class PageRule(StrEnum):
    """A rule of a study that changes its task page; all its other rules are thresholds of the analysis."""

    REFUSE_PASTE = "refuse_paste"
    REFUSE_COPY = "refuse_copy"


class StudyState(StrEnum):
    """Whether workers can begin. A draft has never been published."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class LengthUnit(StrEnum):
    """What the limits of a text count: `minimum_words` and `maximum_words` are in this unit."""

    WORDS = "words"
    CHARACTERS = "characters"


class Study(Base):
    """A writing task with its items, platform, reward and rules.

    `language` is that of the worker's pages (keytrail/language), `institution`, `contact` and `ethics_number` say who
    asks, `retention` how long the data are kept, and `payment_days` within how many days accepted work is paid. A
    worker can read their copy of what was recorded for `copy_days`, with `copy_shows_decision` also what was decided,
    and object.
    An archived study is left out of lists. `trial_of_id` is the draft of which this is a copy for a trial: it has no
    members and is found by its address only (keytrail/studies/trials.py).
    """

    __tablename__ = "studies"
    # Keyed names of workers are made of a study's id: that of a deleted study is never given out again.
    __table_args__ = ({"sqlite_autoincrement": True},)

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
    language: Mapped[str] = mapped_column(String(16), default="en")
    length_unit: Mapped[LengthUnit] = mapped_column(String(16), default=LengthUnit.WORDS)
    institution: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    ethics_number: Mapped[str] = mapped_column(String(200), default="")
    retention: Mapped[str] = mapped_column(String(200), default="")
    payment_days: Mapped[int | None] = mapped_column(Integer)
    copy_days: Mapped[int] = mapped_column(Integer, default=0)
    copy_shows_decision: Mapped[bool] = mapped_column(default=False)
    asks_text_origin: Mapped[bool] = mapped_column(default=False)
    asks_input_aids: Mapped[bool] = mapped_column(default=False)
    asks_copying_exercise: Mapped[bool] = mapped_column(default=False)
    asks_model_use: Mapped[bool] = mapped_column(default=False)
    return_after_withdrawal: Mapped[bool] = mapped_column(default=True)
    state: Mapped[StudyState] = mapped_column(String(16), default=StudyState.OPEN)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    trial_of_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), index=True)

    trial_of: Mapped["Study | None"] = relationship(lazy="raise", remote_side="Study.id")

    @property
    def page_rules(self) -> list[str]:
        """Rules on the task page of sessions that begin now; a session keeps those with which it began."""
        return [str(rule) for rule in PageRule if self.rules.get(rule)]


class Item(Stamped, Base):
    """One source text to be summarised; `fields` are further columns of its file."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("study_id", "key"),
        # Exactly as ITEM_NAME: only then is a list that is sorted by it read in the order of this index.
        Index("ix_items_name", "study_id", sql("lower(coalesce(nullif(title, ''), key))")),
        # SQLite would give the number of a removed item to the next one, whose form or texts may be on their way.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(128))
    title: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(BrowserText)
    fields: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


ITEM_NAME: Final = func.lower(func.coalesce(func.nullif(Item.title, literal_column("''")), Item.key))
"""By which lists are sorted: an item's title, or its id without one."""


class ItemUpload(Base):
    """An uploaded item file before its columns are chosen. Removed when imported, or after a day."""

    __tablename__ = "item_uploads"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RemovalKind(StrEnum):
    """What can be removed from a study and restored."""

    ITEM = "item"
    MEMBER = "member"
    NOTIFICATION = "notification"


class Removal(Base):
    """An item, a member or a notification that was removed from a study, for as long as that can be undone.

    `label` names it on the page, `content` is what restoring it takes.
    """

    __tablename__ = "removals"

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), index=True)
    kind: Mapped[RemovalKind] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(String(300))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    removed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Worker(Base):
    """A person on a platform, identified in one study by a pseudonym."""

    __tablename__ = "workers"
    __table_args__ = (UniqueConstraint("study_id", "pseudonym"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    pseudonym: Mapped[str] = mapped_column(String(32))
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    identity: Mapped["WorkerIdentity | None"] = relationship(lazy="raise", cascade="all, delete-orphan")


class WorkerIdentity(Base):
    """The platform's own id of a worker, in a separate row so that it can be erased alone."""

    __tablename__ = "worker_identities"

    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id", ondelete="CASCADE"), primary_key=True)
    platform: Mapped[str] = mapped_column(String(32))
    platform_worker_id: Mapped[str] = mapped_column(String(128))

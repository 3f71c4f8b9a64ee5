"""Workers' copying exercises: how a person types when copying, measured before the task."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from keytrail.db import UtcDateTime
from keytrail.models.base import Base


class CopyingExercise(Base):
    """The figures of one session's exercise, without its keys and its text; no verdict reads them.

    `measures` is empty if the worker skipped it, or if nothing was recorded.
    """

    __tablename__ = "copying_exercises"

    session_id: Mapped[int] = mapped_column(ForeignKey("writing_sessions.id", ondelete="CASCADE"), primary_key=True)
    measures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)

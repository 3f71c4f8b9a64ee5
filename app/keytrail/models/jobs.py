"""The schedule of periodic background work, shared by all processes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from keytrail.db import UtcDateTime
from keytrail.models.base import Base


class ScheduledJob(Base):
    """When a periodic job is to run next. `study_id` is the study that it works for, None if for all.

    `tries` counts runs that began since the last success; a run that was killed counts too. `problem` is the latest
    failure in a sentence, empty after a success.
    """

    __tablename__ = "scheduled_jobs"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    succeeded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str] = mapped_column(String(300), default="")

"""Workers' self-reports about the use of a language model."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from keytrail.db import UtcDateTime
from keytrail.models.base import Base


class ModelUse(StrEnum):
    """A worker's answer whether a language model was used. UNANSWERED: asked, and skipped."""

    NO = "no"
    PARTLY = "partly"
    MOSTLY = "mostly"
    UNANSWERED = "unanswered"


class SelfReport(Base):
    """A worker's answer to the question after submission.

    Separate from the submission, so that no list and no review page reads it by accident.
    """

    __tablename__ = "self_reports"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    model_use: Mapped[ModelUse] = mapped_column(String(16))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StatedOrigin(StrEnum):
    """Where a worker says that text was taken from which they did not type here."""

    NOTES = "notes"
    EDITOR = "editor"
    TRANSLATION = "translation"
    REFERENCE = "reference"
    LANGUAGE_MODEL = "language_model"
    OTHER = "other"


class WorkerStatement(Base):
    """What a worker says of how the text was written, with the text and of their own accord; no verdict reads it.

    `text_origins` are StatedOrigins, empty where nothing was said; `input_aids` that assistive technology or dictation
    was used.
    """

    __tablename__ = "worker_statements"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    text_origins: Mapped[list[str]] = mapped_column(JSON, default=list)
    input_aids: Mapped[bool] = mapped_column(default=False)

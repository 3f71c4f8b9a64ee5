"""Workers' self-reports about the use of a language model."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
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

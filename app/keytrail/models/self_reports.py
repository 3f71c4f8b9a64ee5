"""What workers themselves say of how they wrote, where a study asks."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from keytrail.db import UtcDateTime
from keytrail.models.base import Base


class ModelUse(StrEnum):
    """Whether a language model was used for a text, in its writer's own words. UNANSWERED: asked, and passed over."""

    NO = "no"
    PARTLY = "partly"
    MOSTLY = "mostly"
    UNANSWERED = "unanswered"


class SelfReport(Base):
    """A worker's answer to the question that comes after the text.

    Apart from the submission, so that no list and no page on which somebody judges a text reads it by accident.
    """

    __tablename__ = "self_reports"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    model_use: Mapped[ModelUse] = mapped_column(String(16))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)

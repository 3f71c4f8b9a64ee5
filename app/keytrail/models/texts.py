"""Text classification: reference texts, trained models, scores, jobs, cross-submission findings, cached estimates."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from keytrail.db import BrowserText, UtcDateTime
from keytrail.models.base import Base, Stamped


class ReferenceText(Stamped, Base):
    """A text about an item that is no submission: generated, or written by people elsewhere.

    Whether a generation serves as reference or as training example is not stored: it follows from its words alone
    (text/classifier/corpus.py), so it can never be both. `number` counts the texts of one combination of item, model,
    prompt and temperature, which makes an interrupted run resumable. `key` is the fingerprint of the words.
    """

    __tablename__ = "reference_texts"
    __table_args__ = (
        UniqueConstraint("item_id", "model", "prompt", "temperature", "number"),
        Index("ix_reference_texts_study", "study_id", "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    by_model: Mapped[bool]
    model: Mapped[str] = mapped_column(String(200))
    prompt: Mapped[str] = mapped_column(String(64))
    # In hundredths, -1 for unknown: floating-point numbers do not belong in a key.
    temperature: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(24))
    text: Mapped[str] = mapped_column(BrowserText)
    usage: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrainedModel(Base):
    """A classifier as data; `body` is what keytrail/text/classifier/storage.py wrote, with its model card.

    `errors` are its error counts on held-out lab texts at the threshold for counting, None without lab texts.
    """

    __tablename__ = "text_models"
    __table_args__ = (UniqueConstraint("study_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    version: Mapped[str] = mapped_column(String(32))
    trained_at: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    errors: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class TextScore(Stamped, Base):
    """The newest model's assessment of a submission, in `body`.

    `reads_synthetic` is the result for counting, at the threshold of keytrail/synthetic/training/error_rates.py, None
    without one. `trained_on` says that the submission's own log labelled it for training: such a submission is left out
    wherever the classifier is compared with the log.
    """

    __tablename__ = "text_scores"
    __table_args__ = (
        Index("ix_text_scores_study", "study_id", "outcome"),
        Index("ix_text_scores_stamps", "study_id", "stamp"),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    model_version: Mapped[str] = mapped_column(String(32))
    scored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(16))
    probability: Mapped[float | None] = mapped_column(Float)
    reads_synthetic: Mapped[bool | None]
    trained_on: Mapped[bool]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class AcrossFinding(Stamped, Base):
    """A cross-submission finding; `body` is the finding as the core has it.

    All of a study's are replaced when the study is compared again (keytrail/synthetic/cross_submission).
    """

    __tablename__ = "across_findings"
    __table_args__ = (Index("ix_across_findings_study", "study_id"),)

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(64), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class JobKind(StrEnum):
    """The kinds of a study's background jobs."""

    REFERENCES = "references"
    """Asking language models for texts about each item."""
    TRAINING = "training"
    """Training a classifier, then scoring every submission."""
    SCORING = "scoring"
    """Scoring what the newest classifier has not scored."""


class JobStep(StrEnum):
    """How far a job in the background is."""

    GENERATING = "generating"
    TRAINING = "training"
    SCORING = "scoring"
    DONE = "done"
    FAILED = "failed"


class TextJob(Base):
    """The latest job about a study's texts that the dashboard began.

    `run` counts them, so that an old one that still runs cannot write into a new one's progress. `problem` is a message
    for the requester, empty unless it failed. `own_sessions`: the study's own logs label texts.
    """

    __tablename__ = "text_jobs"

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True)
    run: Mapped[int] = mapped_column(Integer)
    kind: Mapped[JobKind] = mapped_column(String(16))
    step: Mapped[JobStep] = mapped_column(String(16))
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    problem: Mapped[str] = mapped_column(String(1000))
    own_sessions: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StudyFigures(Base):
    """Cached estimates of a study, or of several together (keytrail/synthetic/prevalence/cache).

    `key` names the estimates and the studies; `study_id` is one of these. `fingerprint` identifies the inputs. `body`
    is None before the first computation, or if it failed. `run` counts the attempts, so that an abandoned one cannot
    write into a later one's result; `begun_at` is None while none is running.
    """

    __tablename__ = "study_figures"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    worked_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    run: Mapped[int] = mapped_column(Integer, default=0)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

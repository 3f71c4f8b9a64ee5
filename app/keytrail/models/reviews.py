"""Submissions, their reports, and reviewers' decisions."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from keytrail.db import BrowserText, UtcDateTime
from keytrail.models.accounts import User
from keytrail.models.base import Base, Stamped
from keytrail.models.sessions import WritingSession
from keytrail.models.studies import Study


class Submission(Base):
    """The final text of a writing session. The log may be incomplete; the text never is.

    `verdict`, `attention`, `arrived_share` and `duration_ms` repeat the latest report and `decision` the latest
    decision, so that lists and counts of 100,000 need no join; only review/judging/settlement.py writes them.
    `item_id`, `worker_id` and `condition` repeat the session's, for the same reason and without foreign keys.
    `arrived_share` is None where the log cannot tell. `attention` orders the queue: higher is more evident.
    `reviewers` counts the people with a current decision; `settled` removes the submission from the queue. `objected`
    is true while the worker's objection is unanswered. Until `claimed_until` one reviewer has claimed it.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        Index("ix_submissions_study_newest", "study_id", "id"),
        Index("ix_submissions_queue", "study_id", "settled", "attention", "id"),
        Index("ix_submissions_counts", "study_id", "verdict", "decision", "settled", "reviewers"),
        Index("ix_submissions_days", "study_id", "submitted_at", "verdict"),
        Index("ix_submissions_verdict_days", "study_id", "verdict", "submitted_at"),
        Index("ix_submissions_item", "study_id", "item_id", "settled", "attention", "id"),
        Index(
            "ix_submissions_objected",
            "study_id",
            "id",
            sqlite_where=sql("objected = 1"),
            postgresql_where=sql("objected"),
        ),
        Index(
            "ix_submissions_worker", "study_id", "worker_id", "settled", "attention", "id", "verdict", "arrived_share"
        ),
        Index("ix_submissions_words", "study_id", "words", "id", "settled", "verdict"),
        Index("ix_submissions_arrived", "study_id", "arrived_share", "id", "settled", "verdict"),
        Index("ix_submissions_duration", "study_id", "duration_ms"),
        # Includes all that the comparison of conditions averages, so that it is read from the index.
        Index("ix_submissions_condition", "study_id", "condition", "verdict", "arrived_share", "words", "duration_ms"),
        # Few rows: what waits for its analysis.
        Index(
            "ix_submissions_unanalysed",
            "submitted_at",
            sqlite_where=sql("verdict IS NULL"),
            postgresql_where=sql("verdict IS NULL"),
        ),
        # An analysis knows only the id of what it is at. SQLite would give that of an erased text to the next one,
        # which would get the findings of another worker's log.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("writing_sessions.id", ondelete="CASCADE"), unique=True)
    item_id: Mapped[int] = mapped_column(Integer)
    worker_id: Mapped[int] = mapped_column(Integer)
    condition: Mapped[str | None] = mapped_column(String(64))
    epoch_number: Mapped[int | None] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(BrowserText)
    comment: Mapped[str] = mapped_column(BrowserText, default="")
    words: Mapped[int] = mapped_column(Integer)
    log_complete: Mapped[bool]
    label: Mapped[str | None] = mapped_column(String(200))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verdict: Mapped[str | None] = mapped_column(String(16))
    attention: Mapped[float] = mapped_column(Float, default=0.0)
    arrived_share: Mapped[float | None] = mapped_column(Float)
    duration_ms: Mapped[int | None] = mapped_column(BigInteger)
    decision: Mapped[str | None] = mapped_column(String(32))
    reviewers: Mapped[int] = mapped_column(Integer, default=0)
    settled: Mapped[bool] = mapped_column(default=False)
    objected: Mapped[bool] = mapped_column(default=False)
    # A user's id, without a foreign key: a claim expires within minutes.
    claimed_by_id: Mapped[int | None] = mapped_column(Integer)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    study: Mapped[Study] = relationship(lazy="raise")
    session: Mapped[WritingSession] = relationship(lazy="raise")
    report: Mapped["StoredReport | None"] = relationship(lazy="raise", back_populates="submission")


class StoredReport(Base):
    """The latest analysis of a submission; `body` is the whole report as the provenance core wrote it.

    `duration_ms` is the time from the first event of the log to the last, None where the log has no times.
    `arrived_share` includes text of unknown origin; lists and means use the submission's.
    """

    __tablename__ = "reports"
    __table_args__ = (Index("ix_reports_study_verdict_score", "study_id", "verdict", "score"),)

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    analysis_version: Mapped[str] = mapped_column(String(32))
    analysed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verdict: Mapped[str] = mapped_column(String(16))
    score: Mapped[float] = mapped_column(Float)
    arrived_share: Mapped[float] = mapped_column(Float)
    duration_ms: Mapped[int | None] = mapped_column(BigInteger)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)

    submission: Mapped[Submission] = relationship(lazy="raise", back_populates="report")
    findings: Mapped[list["ReportFinding"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    figures: Mapped["ReportFigures | None"] = relationship(lazy="raise", cascade="all, delete-orphan")


class ReportFinding(Base):
    """One finding of a report, in a separate row so that submissions can be filtered and counted by rule."""

    __tablename__ = "report_findings"
    __table_args__ = (Index("ix_report_findings_rule", "study_id", "rule", "severity", "submission_id"),)

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("reports.submission_id", ondelete="CASCADE"), primary_key=True
    )
    rule: Mapped[str] = mapped_column(String(64), primary_key=True)
    # The report's; without a foreign key.
    study_id: Mapped[int] = mapped_column(Integer)
    severity: Mapped[str] = mapped_column(String(16))


class ReportFigures(Stamped, Base):
    """The few numbers of a report that study-level estimates need, so that they do not read the report.

    `external_share` is text/loglabels.py's; the other two shares and the measures are the report's own. `pastes` is
    None where the log cannot tell.
    """

    __tablename__ = "report_figures"
    __table_args__ = (Index("ix_report_figures_stamps", "study_id", "stamp"),)

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("reports.submission_id", ondelete="CASCADE"), primary_key=True
    )
    # The report's; without a foreign key.
    study_id: Mapped[int] = mapped_column(Integer)
    external_share: Mapped[float] = mapped_column(Float)
    source_share: Mapped[float] = mapped_column(Float)
    accounted_share: Mapped[float] = mapped_column(Float)
    pastes: Mapped[int | None] = mapped_column(Integer)
    pastes_prevented: Mapped[int] = mapped_column(Integer)
    copies_prevented: Mapped[int] = mapped_column(Integer)
    duration_ms: Mapped[int] = mapped_column(BigInteger)


class AnalysisFailure(Base):
    """A failed analysis, until one succeeds: number of attempts, reason, and time of the next attempt.

    `next_at` is None once it is no longer retried automatically; `reason` is a message for reviewers.
    """

    __tablename__ = "analysis_failures"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    attempts: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(300))
    failed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LogMark(Base):
    """One number of the fingerprint of a submission's log (keytrail/provenance/fingerprint.py).

    A hash of 24 intervals, which cannot be computed from it. It is kept when the log's times are rounded.
    """

    __tablename__ = "log_marks"

    mark: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class DecisionKind(StrEnum):
    """A reviewer's decision about a submission. None of these pays or rejects by itself.

    WITHDRAWN undoes the previous decision: the submission is undecided again.
    """

    ACCEPT = "accept"
    EXCLUDE = "exclude"
    SECOND_LOOK = "second_look"
    PROPOSE_REJECTION = "propose_rejection"
    WITHDRAWN = "withdrawn"


class Decision(Base):
    """One decision of a reviewer; a later one replaces it, none is ever deleted.

    `reason` is an id of keytrail/review/judging/decisions.py's list, or empty; `note` is the reviewer's own text.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_submission", "submission_id", "id"),
        Index("ix_decisions_user", "user_id", "submission_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[DecisionKind] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(BrowserText, default="")
    verdict_seen: Mapped[str | None] = mapped_column(String(16))
    analysis_version_seen: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="raise")


class Objection(Base):
    """What a worker says against a decision, once, and what a reviewer answers. None of it is ever changed."""

    __tablename__ = "objections"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(BrowserText)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(BrowserText, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    answered_by: Mapped[User | None] = relationship(lazy="raise")


class SavedFilter(Base):
    """A set of filters that a user saved under a name; `query` is the part of the address after the `?`."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("user_id", "study_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(500))

"""Response models of the JSON API, version 1."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from keytrail.models import Decision, Role, Study, Submission
from keytrail.platforms.money import decimal_text
from keytrail.review.judging.arrived_share import arrived_share
from keytrail.synthetic.rules import RULES


class StudyShape(BaseModel):
    """A study that the token's user may see."""

    study: str = Field(description="The study's name in addresses.")
    title: str
    state: str
    platform: str
    role: str
    minimum_words: int
    maximum_words: int
    reward: str
    created_at: datetime

    @classmethod
    def from_study(cls, study: Study, role: Role) -> "StudyShape":
        """Build it from the stored study."""
        return cls(
            study=study.slug,
            title=study.title,
            state=study.state,
            platform=study.platform,
            role=role,
            minimum_words=study.minimum_words,
            maximum_words=study.maximum_words,
            reward=f"{decimal_text(study.reward_cents)} {study.currency}",
            created_at=study.created_at,
        )


class Studies(BaseModel):
    """All studies of the token's user, newest first."""

    items: list[StudyShape]


class SubmissionListItem(BaseModel):
    """A submission in a list. `verdict` is null until it has been analysed."""

    id: str
    item: str
    worker: str = Field(description="The worker's pseudonym in this study.")
    submitted_at: datetime
    words: int
    verdict: str | None
    score: float | None
    arrived_share: float | None = Field(
        description="Share of the text that arrived without typing, 0 to 1; null where the log cannot tell."
    )
    findings: list[str]
    label: str | None

    @classmethod
    def from_submission(cls, submission: Submission) -> "SubmissionListItem":
        """Build it from a stored submission with report, item and worker loaded."""
        report = submission.report
        return cls(
            id=submission.public_id,
            item=submission.session.item.key,
            worker=submission.session.worker.pseudonym,
            submitted_at=submission.submitted_at,
            words=submission.words,
            verdict=report.verdict if report else None,
            score=report.score if report else None,
            arrived_share=arrived_share(report),
            findings=[finding["id"] for finding in report.body["findings"]] if report else [],
            label=submission.label,
        )


class SubmissionListShape(BaseModel):
    """A page of submissions, newest first. Pass `next_cursor` as `cursor` for the next one; null at the end."""

    items: list[SubmissionListItem]
    next_cursor: str | None


class DecisionShape(BaseModel):
    """One reviewer's decision on a submission."""

    kind: str
    reason: str = Field(description="Id of a reason from the list, or empty.")
    note: str
    by: str
    at: datetime

    @classmethod
    def from_decision(cls, decision: Decision) -> "DecisionShape":
        """Build it from a stored decision with its user loaded."""
        return cls(
            kind=decision.kind,
            reason=decision.reason,
            note=decision.note,
            by=decision.user.email,
            at=decision.decided_at,
        )


class FindingShape(BaseModel):
    """One rule that fired, with its evidence."""

    id: str = Field(description="docs/findings.md explains each.", json_schema_extra={"enum": list(RULES)})
    family: str
    severity: str
    explanation: str
    evidence: dict[str, Any]
    false_alarm: Any = None


class SpanShape(BaseModel):
    """A run of the text with one origin; offsets are UTF-16 units."""

    start: int
    end: int
    origin: str
    at_ms: int | None = None
    cause: str | None = None
    epoch: int | None = None


class SubmissionShape(SubmissionListItem):
    """A submission with its text and report. `origins` counts UTF-16 units; `spans` cover the text."""

    study: str
    text: str
    comment: str
    log_complete: bool
    findings: list[FindingShape]  # type: ignore[assignment]  # the list page names them, this page shows them
    origins: dict[str, int]
    spans: list[SpanShape]
    integrity: dict[str, Any]
    measures: dict[str, Any]
    accounted_share: float | None
    source_share: float | None
    analysis_version: str | None
    decisions: list[DecisionShape] = Field(
        description="Newest first. Empty while the token's user has yet to judge where several reviewers are to."
    )


class EpochShape(BaseModel):
    """The events of one page load, in wire format 1."""

    epoch: int
    opened_at: datetime
    format: str
    events: list[list[Any]]


class Events(BaseModel):
    """All recorded events of a submission; `masked_at` is when the text in them was masked, if it was."""

    masked_at: datetime | None
    epochs: list[EpochShape]

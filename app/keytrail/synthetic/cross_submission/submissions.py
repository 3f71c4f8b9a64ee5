"""Load submissions for comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import StoredReport, Study, Submission, Worker, WritingSession

NO_PROOF = "It is a reason to look and does not show who wrote a text."


@dataclass(frozen=True)
class ComparedSubmission:
    """One analysed submission. `pause_share` is None where too little was typed."""

    public_id: str
    item_id: int
    worker: str
    text: str
    submitted_at: datetime
    duration_ms: int | None
    lags_ms: Sequence[int]
    keys: int
    pause_share: float | None


def compared_of(db: Session, study: Study) -> dict[int, ComparedSubmission]:
    """Return every analysed submission of a study, by its number, in order of submission."""
    rows = db.execute(
        select(
            Submission.id,
            Submission.public_id,
            WritingSession.item_id,
            Worker.pseudonym,
            Submission.text,
            Submission.submitted_at,
            StoredReport.duration_ms,
            StoredReport.body,
        )
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .join(StoredReport, StoredReport.submission_id == Submission.id)
        .where(Submission.study_id == study.id)
        .order_by(Submission.id)
    )
    return {number: ComparedSubmission(*head, **_measured(body["measures"])) for number, *head, body in rows}


def _measured(measures: Mapping[str, Any]) -> dict[str, Any]:
    """Return a measure, or None: logs without pastes, or without keys, lack some."""
    return {
        "lags_ms": measures.get("paste_lags_ms") or (),
        "keys": measures.get("keys") or 0,
        "pause_share": measures.get("pause_share"),
    }

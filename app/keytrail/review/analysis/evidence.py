"""What a report rests on, so that a later change of it can be seen."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from keytrail.models import Study, Submission, WritingSession
from keytrail.sessions.eventlog import Chain, batches_of, chain_heads, misfits


@dataclass(frozen=True)
class Checked:
    """One writing session: what to call it, how many batches were checked, and what does not fit."""

    name: str
    batches: int
    misfits: tuple[str, ...]


def evidence_of(db: Session, submission: Submission) -> dict[str, Any]:
    """What the report of a submission names: the end of each page load's chain, and the text's SHA-256."""
    return {
        "chain": [head.as_json() for head in chain_heads(db, submission.session_id)],
        "text_sha256": text_sha256(submission.text),
    }


def text_sha256(text: str) -> str:
    """SHA-256 of a browser's text, in hexadecimal; over UTF-8 in which a lone surrogate has the form it would have."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sessions_to_check(db: Session, study: Study | None) -> list[int]:
    """Ids of all writing sessions, or of one study's, oldest first."""
    query = select(WritingSession.id).order_by(WritingSession.id)
    if study is not None:
        query = query.where(WritingSession.study_id == study.id)
    return list(db.scalars(query))


def check_session(db: Session, session_id: int, chain: Chain) -> Checked:
    """Compute again what was stored of a session and compare its submission with its report."""
    if db.get_bind().dialect.name == "postgresql":
        # A batch that comes meanwhile must not look like one too many. SQLite's transactions see one moment anyhow.
        db.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    submission = db.scalar(
        select(Submission).where(Submission.session_id == session_id).options(joinedload(Submission.report))
    )
    found: list[str] = []
    batches = 0
    for epoch, stored in batches_of(db, session_id):
        found += misfits(epoch, stored, chain)
        batches += len(stored)
    if submission is not None and submission.report is not None:
        found += _against_report(db, submission, submission.report.body.get("evidence"))
    name = f"session {session_id}" if submission is None else f"submission {submission.public_id}"
    return Checked(name, batches, tuple(found))


def _against_report(db: Session, submission: Submission, evidence: Mapping[str, Any] | None) -> Iterator[str]:
    if not evidence:
        yield "the report does not name its evidence; 'keytrail analyse --all' makes a new one."
        return
    if evidence["text_sha256"] != text_sha256(submission.text):
        yield "the text is not the one that was analysed."
    now = {head.epoch: head for head in chain_heads(db, submission.session_id)}
    then = {head["epoch"]: head for head in evidence["chain"]}
    for number in sorted(now.keys() | then.keys()):
        if number not in now:
            yield f"page load {number}: is missing; the report names it."
        elif number not in then:
            yield f"page load {number}: has come since the report."
        elif now[number].as_json() != then[number]:
            yield f"page load {number}: the log does not end where the report says."

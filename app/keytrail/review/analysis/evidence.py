"""The evidence that a report names, and its verification."""

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
    """The result for one writing session: its name, the number of batches checked, and what does not match."""

    name: str
    batches: int
    misfits: tuple[str, ...]


def evidence_of(db: Session, submission: Submission) -> dict[str, Any]:
    """Return what a submission's report names: the end of each page load's chain, and the text's SHA-256."""
    return {
        "chain": [head.as_json() for head in chain_heads(db, submission.session_id)],
        "text_sha256": text_sha256(submission.text),
    }


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a browser's text in hexadecimal, over UTF-8 with lone surrogates encoded
    ("surrogatepass").
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sessions_to_check(db: Session, study: Study | None) -> list[int]:
    """Return ids of all writing sessions, or of one study's, oldest first."""
    query = select(WritingSession.id).order_by(WritingSession.id)
    if study is not None:
        query = query.where(WritingSession.study_id == study.id)
    return list(db.scalars(query))


def check_session(db: Session, session_id: int, chain: Chain) -> Checked:
    """Verify the stored log of a session, and compare its submission with its report."""
    if db.get_bind().dialect.name == "postgresql":
        # A batch stored meanwhile must not look like one too many. SQLite's transactions are snapshots anyway.
        db.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    submission = db.scalar(
        select(Submission).where(Submission.session_id == session_id).options(joinedload(Submission.report))
    )
    found: list[str] = []
    batches = 0
    try:
        for epoch, stored in batches_of(db, session_id):
            found += misfits(epoch, stored, chain)
            batches += len(stored)
    except TypeError:  # SQLite stores text where the table has bytes
        found.append("the log has values that Keytrail does not write, so it was changed.")
    if submission is not None and submission.report is not None:
        try:
            found += _against_report(db, submission, submission.report.body.get("evidence"))
        except (AttributeError, KeyError, TypeError):  # of a database that somebody else has written
            found.append("the report's evidence cannot be read.")
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

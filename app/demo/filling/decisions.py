"""Two simulated colleagues who have judged the demo's first submissions, so that no page of it is empty."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import DecisionKind, Membership, Role, StoredReport, Study, Submission, User
from app.provenance import Verdict
from app.review.judging.decisions import Choice, decide
from app.users.accounts import add_user

_JUDGED: Final = 60
"""The rest waits for whoever tries the demo."""
_EVERY: Final = 3
"""Every third submission was judged by both, so that their agreement shows."""
_STRICT: Final = {
    Verdict.CLEAR: DecisionKind.ACCEPT,
    Verdict.REVIEW: DecisionKind.SECOND_LOOK,
    Verdict.STRONG: DecisionKind.EXCLUDE,
}
_LENIENT: Final = {**_STRICT, Verdict.REVIEW: DecisionKind.ACCEPT}
_REASONS: Final = {
    "external_text": "text_from_elsewhere",
    "untyped_text": "no_typing",
    "source_copied": "copied_from_item",
}


def add_decisions(db: Session, study: Study, now: datetime) -> None:
    """Let both colleagues judge the oldest submissions by their verdicts; the second is more lenient than the first."""
    first = _colleague(db, study, "one", now)
    second = _colleague(db, study, "two", now)
    for number, submission in enumerate(_oldest(db, study)):
        report = submission.report
        if report is None or report.verdict not in _STRICT:
            continue
        decide(db, submission, first, _choice(report, _STRICT), now)
        if number % _EVERY == 0:
            decide(db, submission, second, _choice(report, _LENIENT), now)


def _choice(report: StoredReport, kinds: Mapping[Verdict, DecisionKind]) -> Choice:
    verdict = Verdict(report.verdict)
    found = {finding.rule for finding in report.findings}
    reason = next((reason for rule, reason in _REASONS.items() if rule in found), "typed_throughout")
    if verdict is Verdict.REVIEW and reason == "no_typing":
        reason = "accessibility"
    return Choice(kinds[verdict], reason, verdict_seen=report.verdict, analysis_version_seen=report.analysis_version)


def _colleague(db: Session, study: Study, name: str, now: datetime) -> User:
    """Nobody is told the password: these two only have a past."""
    email = f"colleague-{name}@keytrail.example"
    user = add_user(db, email, f"Simulated colleague {name}", secrets.token_urlsafe(24), now)
    db.add(Membership(user_id=user.id, study_id=study.id, role=Role.REVIEWER))
    return user


def _oldest(db: Session, study: Study) -> Sequence[Submission]:
    return db.scalars(
        select(Submission)
        .where(Submission.study_id == study.id)
        .order_by(Submission.submitted_at, Submission.id)
        .limit(_JUDGED)
        .options(joinedload(Submission.study), joinedload(Submission.report).selectinload(StoredReport.findings))
    ).all()

"""Decisions of two simulated colleagues on the oldest submissions, so that no page of the demo is empty."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from keytrail.models import DecisionKind, Membership, Role, StoredReport, Study, Submission, User
from keytrail.provenance import Verdict
from keytrail.review.judging.decisions import DecisionInput, decide
from keytrail.users.accounts import add_user
from keytrail.users.hashing import HashedPassword

_EVERY: Final = 3
"""Both judged every third submission, so that there is an agreement to show."""
_NO_PASSWORD: Final = HashedPassword("!")
_PACE: Final = timedelta(seconds=80)
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


def add_colleagues(db: Session, now: datetime) -> tuple[User, User]:
    """Add two users who cannot sign in."""
    one, two = (
        add_user(
            db,
            f"colleague-{name}@keytrail.example",
            f"Simulated colleague {name}",
            _NO_PASSWORD,
            now,
        )
        for name in ("one", "two")
    )
    return one, two


def judge(db: Session, study: Study, colleagues: tuple[User, User], count: int, begin: datetime) -> None:
    """Let both judge the oldest submissions by their verdicts; the second is more lenient than the first.

    The others are left to the demo's visitor. The first proposes to reject what a script wrote.
    """
    first, second = colleagues
    db.add_all(Membership(user_id=user.id, study_id=study.id, role=Role.REVIEWER) for user in colleagues)
    for number, submission in enumerate(_oldest(db, study, count)):
        report, now = submission.report, begin + number * _PACE
        if report is None or report.verdict not in _STRICT:
            continue
        if number % _EVERY == 0:
            decide(db, submission, second, _choice(report, _LENIENT), now)
        decide(db, submission, first, _choice(report, _STRICT), now + _PACE / 2)


def _choice(report: StoredReport, kinds: Mapping[Verdict, DecisionKind]) -> DecisionInput:
    verdict = Verdict(report.verdict)
    found = {finding.rule for finding in report.findings}
    reason = next((reason for rule, reason in _REASONS.items() if rule in found), "typed_throughout")
    if verdict is Verdict.REVIEW and reason == "no_typing":
        reason = "accessibility"
    kind = kinds[verdict]
    if kinds is _STRICT and verdict is Verdict.STRONG and reason == "no_typing":
        kind = DecisionKind.PROPOSE_REJECTION
    return DecisionInput(kind, reason, verdict_seen=report.verdict, analysis_version_seen=report.analysis_version)


def _oldest(db: Session, study: Study, count: int) -> Sequence[Submission]:
    return db.scalars(
        select(Submission)
        .where(Submission.study_id == study.id)
        .order_by(Submission.submitted_at, Submission.id)
        .limit(count)
        .options(joinedload(Submission.study), joinedload(Submission.report).selectinload(StoredReport.findings))
    ).all()

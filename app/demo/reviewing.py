"""Two simulated colleagues who have judged the demo's first submissions, so that no page of it is empty."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import DecisionKind, Membership, Role, Study, Submission, User
from app.review.decisions import Choice, decide
from app.users.accounts import add_user

_JUDGED: Final = 60
"""The rest waits for whoever tries the demo."""
_EVERY: Final = 3
"""Every third submission was judged by both, so that their agreement shows."""
_STRICT: Final = {
    "clear": Choice(DecisionKind.ACCEPT, "typed_throughout"),
    "review": Choice(DecisionKind.SECOND_LOOK, "copied_from_item"),
    "strong": Choice(DecisionKind.EXCLUDE, "text_from_elsewhere"),
}
_LENIENT: Final = {
    "clear": Choice(DecisionKind.ACCEPT, "typed_throughout"),
    "review": Choice(DecisionKind.ACCEPT, "small_insertions"),
    "strong": Choice(DecisionKind.EXCLUDE, "text_from_elsewhere"),
}


def add_decisions(db: Session, study: Study, now: datetime) -> None:
    """Let both colleagues judge the oldest submissions by their verdicts; the second is more lenient than the first."""
    first = _colleague(db, study, "one", now)
    second = _colleague(db, study, "two", now)
    for number, submission in enumerate(_oldest(db, study)):
        verdict = submission.verdict or ""
        if verdict not in _STRICT:
            continue
        decide(db, submission, first, _STRICT[verdict], now)
        if number % _EVERY == 0:
            decide(db, submission, second, _LENIENT[verdict], now)


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
        .options(joinedload(Submission.study))
    ).all()

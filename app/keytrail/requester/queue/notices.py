"""The notice beside "Undo", which names the decision just made."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.models import Decision, DecisionKind, Item, Submission, User, Worker, WritingSession
from keytrail.requester.wording import DECIDED
from keytrail.web.formatting import counted


def decided_one(db: Session, study_id: int, user: User, public_id: str) -> str:
    """Name one decision, for example "Accepted: Night light, worker quiet-fern"; empty if this user has decided nothing
    there.
    """
    row = db.execute(
        select(Decision.kind, func.coalesce(func.nullif(Item.title, ""), Item.key), Worker.pseudonym)
        .join(Submission, Submission.id == Decision.submission_id)
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .join(Item, Item.id == WritingSession.item_id)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .where(Submission.study_id == study_id, Submission.public_id == public_id, Decision.user_id == user.id)
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row[0] == DecisionKind.WITHDRAWN:
        return ""
    kind, title, worker = row
    return f"{_capital(DECIDED[kind])}: {title}, worker {worker}"


def decided_together(db: Session, study_id: int, user: User, public_ids: Sequence[str]) -> str:
    """Name decisions made together, for example "12 submissions: accepted"."""
    kind = db.scalar(
        select(Decision.kind)
        .join(Submission, Submission.id == Decision.submission_id)
        .where(Submission.study_id == study_id, Submission.public_id == public_ids[0], Decision.user_id == user.id)
        .order_by(Decision.id.desc())
        .limit(1)
    )
    text = DECIDED[kind] if kind is not None else "decided"
    return f"{counted(len(public_ids), 'submission')}: {text}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

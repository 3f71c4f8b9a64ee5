"""Record reviewers' decisions about submissions. Nothing here pays or rejects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, defer, joinedload

from keytrail.errors import BadRequest, Conflict
from keytrail.models import AuditAction, Decision, DecisionKind, Study, Submission, User
from keytrail.platform_actions.decision_actions import queue_for_decision
from keytrail.review.judging.claims import release
from keytrail.review.judging.reasons import OTHER, REASONS
from keytrail.review.judging.settlement import latest_decisions, record_decisions, record_reviews_wanted
from keytrail.users.audit_log import record_action

_MAX_NOTE = 5000
_CHANGED_BY_OTHERS = ("decision", "reviewers", "settled", "claimed_by_id", "claimed_until")


@dataclass(frozen=True)
class DecisionInput:
    """A reviewer's choice, and what the page showed: the verdict, the version of the analysis, and the number of
    decisions. A number of None skips the check whether somebody else decided meanwhile.
    """

    kind: DecisionKind
    reason: str = ""
    note: str = ""
    verdict_seen: str | None = None
    analysis_version_seen: str | None = None
    decisions_seen: int | None = None


def decide(db: Session, submission: Submission, user: User, choice: DecisionInput, now: datetime) -> Decision:
    """Record a decision; it is valid until the next one.

    The submission's study must be loaded. Raises BadRequest if a rejection is proposed without a reason or the reason
    is unknown, Conflict if there is nothing to undo or somebody else has decided meanwhile.
    """
    note = choice.note.strip()[:_MAX_NOTE]
    check_choice(choice)
    reviews_wanted = _lock(db, submission)
    before = decisions_of(db, submission)
    _check_state(before, user, choice)
    decision = Decision(
        submission_id=submission.id,
        user_id=user.id,
        kind=choice.kind,
        reason=choice.reason,
        note=note,
        verdict_seen=choice.verdict_seen,
        analysis_version_seen=choice.analysis_version_seen,
        decided_at=now,
    )
    db.add(decision)
    record_decisions(submission, [decision, *before], reviews_wanted)
    release(submission, user)
    detail = {"submission": submission.public_id, "kind": choice.kind, "reason": choice.reason}
    record_action(db, AuditAction.DECIDE, now, user_id=user.id, study_id=submission.study_id, detail=detail)
    db.flush()
    queue_for_decision(db, submission, decision, user, now, feedback=REASONS.get(choice.reason, ""))
    return decision


def settle_again(db: Session, study: Study, user: User, now: datetime) -> None:
    """Settle or reopen submissions after the study's number of reviewers has changed, and queue or cancel payments
    accordingly.
    """
    decided = (
        select(Submission)
        .where(Submission.study_id == study.id, Submission.decision.is_not(None))
        .options(joinedload(Submission.study), defer(Submission.text))
        .order_by(Submission.id)
        .with_for_update(of=Submission)
    )
    submissions = db.scalars(decided).all()
    decisions = decisions_by_submission(db, Submission.study_id == study.id)
    changed = [
        submission
        for submission in submissions
        if record_reviews_wanted(submission, decisions[submission.id], study.reviews_per_submission)
    ]
    for submission in changed:
        last = latest_decisions(decisions[submission.id])[0]
        queue_for_decision(db, submission, last, user, now, feedback=REASONS.get(last.reason, ""))


def decisions_by_submission(db: Session, which: ColumnElement[bool]) -> Mapping[int, Sequence[Decision]]:
    """Return the decisions of many submissions, by the submission's id and newest first."""
    query = (
        select(Decision)
        .join(Submission, Submission.id == Decision.submission_id)
        .where(which)
        .options(joinedload(Decision.user))
    )
    found: dict[int, list[Decision]] = {}
    for decision in db.scalars(query.order_by(Decision.submission_id, Decision.id.desc())):
        found.setdefault(decision.submission_id, []).append(decision)
    return found


def decisions_of(db: Session, submission: Submission) -> Sequence[Decision]:
    """Return a submission's decisions, newest first."""
    return list(
        db.scalars(
            select(Decision)
            .where(Decision.submission_id == submission.id)
            .options(joinedload(Decision.user))
            .order_by(Decision.id.desc())
        )
    )


def check_choice(choice: DecisionInput) -> None:
    """Raises BadRequest for a reason that is not on the list, or one that is missing where it is required."""
    if choice.reason and choice.reason not in REASONS:
        raise BadRequest("This reason is not on the list. Choose one from the list, or “another reason”.")
    if choice.reason == OTHER and not choice.note.strip():
        raise BadRequest("Enter the other reason in a few words.", code="reason_missing")
    if choice.kind == DecisionKind.PROPOSE_REJECTION and not choice.reason:
        raise BadRequest("A proposed rejection needs a reason: the worker may ask for it.", code="reason_missing")


def _lock(db: Session, submission: Submission) -> int:
    """Lock the study and its submissions against other decisions and changes of the number of reviewers, which is
    returned.

    The study comes first, then its submissions by id, as in settle_again: another order could deadlock.
    """
    asked = select(Study.reviews_per_submission).where(Study.id == submission.study_id)
    reviews_wanted = db.scalars(asked.with_for_update(read=True)).one()
    db.refresh(submission, _CHANGED_BY_OTHERS, with_for_update=True)
    return reviews_wanted


def _check_state(before: Sequence[Decision], user: User, choice: DecisionInput) -> None:
    own = [decision for decision in latest_decisions(before) if decision.user_id == user.id]
    if choice.kind == DecisionKind.WITHDRAWN and not own:
        raise Conflict("You have no decision here to undo.", code="nothing_to_undo")
    if choice.decisions_seen is not None and len(before) != choice.decisions_seen and before[0].user_id != user.id:
        raise Conflict(
            f"{before[0].user.name} decided in the meantime. Check the history, then decide again if you disagree.",
            code="decided_meanwhile",
        )

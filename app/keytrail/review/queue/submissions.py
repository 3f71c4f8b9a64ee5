"""Read submissions for reviewers and programs."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from keytrail.errors import NotFound
from keytrail.models import Membership, Role, Study, Submission, User, WritingSession
from keytrail.review.queue.filters import Filters, filtered


@dataclass(frozen=True)
class Listed:
    """One page of submissions, newest first; `next_before` requests the next page, None at the end."""

    rows: Sequence[Submission]
    next_before: int | None


def list_submissions(db: Session, study_id: int, filters: Filters, limit: int) -> Listed:
    """Return a page of a study's submissions with report, item and worker loaded."""
    query = filtered(select(Submission), study_id, filters).options(
        joinedload(Submission.report),
        joinedload(Submission.session).joinedload(WritingSession.item),
        joinedload(Submission.session).joinedload(WritingSession.worker),
    )
    rows = list(db.scalars(query.order_by(Submission.id.desc()).limit(limit + 1)))
    more = len(rows) > limit
    return Listed(rows[:limit], rows[limit - 1].id if more else None)


def visible_submission(db: Session, public_id: str, user: User) -> Submission:
    """Return a submission of a study that the user may see, with all that its page shows. Raises NotFound otherwise."""
    return submission_and_role(db, public_id, user)[0]


def submission_and_role(db: Session, public_id: str, user: User) -> tuple[Submission, Role]:
    """Like `visible_submission`, with the user's role in its study. Raises NotFound.

    Owners of a draft may look at its trials, but not act on them, like viewers.
    """
    row = db.execute(
        select(Submission, Membership.role)
        .join(Study, Study.id == Submission.study_id)
        .join(Membership, Membership.study_id == func.coalesce(Study.trial_of_id, Study.id))
        .where(Submission.public_id == public_id, Membership.user_id == user.id)
        .options(
            joinedload(Submission.report),
            joinedload(Submission.study).joinedload(Study.trial_of),
            joinedload(Submission.session).joinedload(WritingSession.item),
            joinedload(Submission.session).joinedload(WritingSession.worker),
        )
    ).one_or_none()
    is_trial = row is not None and row[0].study.trial_of_id is not None
    if row is None or (is_trial and row[1] != Role.OWNER):
        raise NotFound("There is no such submission, or it is in a study that you have no access to.")
    return row[0], Role.VIEWER if is_trial else Role(row[1])


def worker_submission(db: Session, public_id: str, user: User) -> tuple[Submission, Role]:
    """Like `submission_and_role`, without trials: a program could not tell one from a worker's. Raises NotFound."""
    submission, role = submission_and_role(db, public_id, user)
    if submission.study.trial_of_id is not None:
        raise NotFound("This submission is a trial of a draft. Its owner finds it on the draft's checklist.")
    return submission, role

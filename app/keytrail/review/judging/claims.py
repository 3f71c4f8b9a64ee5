"""Claims, so that two reviewers do not judge the same submission unknowingly."""

from datetime import datetime, timedelta

from keytrail.models import Submission, User

# Long enough to read, replay and write a note, short enough that a break blocks nobody for long.
_HELD_FOR = timedelta(minutes=10)


def claim(submission: Submission, user: User, now: datetime) -> bool:
    """Claim a submission for the user, or extend the claim. False if another reviewer holds it."""
    if held_by_other(submission, user, now):
        return False
    submission.claimed_by_id = user.id
    submission.claimed_until = now + _HELD_FOR
    return True


def release(submission: Submission, user: User) -> None:
    """Release the user's own claim."""
    if submission.claimed_by_id == user.id:
        submission.claimed_by_id = None
        submission.claimed_until = None


def held_by_other(submission: Submission, user: User, now: datetime) -> bool:
    """Return whether another reviewer has claimed the submission."""
    holder, until = submission.claimed_by_id, submission.claimed_until
    return holder not in {None, user.id} and until is not None and until > now

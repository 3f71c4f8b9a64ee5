"""Who has a submission on the desk, so that two reviewers do not judge the same one unknowingly."""

from datetime import datetime, timedelta

from keytrail.models import Submission, User

# Long enough to read, replay and write a note; whoever goes to lunch blocks nobody for long.
_HELD_FOR = timedelta(minutes=10)


def claim(submission: Submission, user: User, now: datetime) -> bool:
    """Put a submission on the user's desk, or keep it there. False if it is on somebody else's."""
    if held_by_other(submission, user, now):
        return False
    submission.claimed_by_id = user.id
    submission.claimed_until = now + _HELD_FOR
    return True


def release(submission: Submission, user: User) -> None:
    """Give the user's own claim back."""
    if submission.claimed_by_id == user.id:
        submission.claimed_by_id = None
        submission.claimed_until = None


def held_by_other(submission: Submission, user: User, now: datetime) -> bool:
    """Whether another reviewer has the submission on the desk."""
    holder, until = submission.claimed_by_id, submission.claimed_until
    return holder not in {None, user.id} and until is not None and until > now

"""Detect copied logs: another submission's log, sent again under another ticket."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from keytrail.messages import message
from keytrail.models import LogMark, Submission
from keytrail.provenance import Family, Finding, Severity
from keytrail.provenance.rules.rule import Rule

# Of at most 16 marks. One alone could be due to a broken timer; a copied log shares all, a partial copy most.
_SHARED = 4
COPIED_LOG: Final = Rule(
    id="copied_log",
    title="Log of another submission",
    for_worker=message(
        "The rhythm of your keys is the same as in another submission. If you do not know why, write to the requester."
    ),
    family=Family.PROVENANCE,
    severities=(Severity.HIGH,),
    false_alarm="Not expected: 24 intervals between keys do not repeat to the millisecond.",
)


def keep_marks(db: Session, submission_id: int, marks: Sequence[int]) -> None:
    """Store the fingerprint of a submission's log in place of an earlier one."""
    db.execute(delete(LogMark).where(LogMark.submission_id == submission_id))
    if marks:
        db.execute(insert(LogMark), [{"mark": mark, "submission_id": submission_id} for mark in marks])


def copied_log(db: Session, submission: Submission) -> Finding | None:
    """Return the first submission on this installation with the same rhythm, if it is earlier than this one.

    The later one gets the finding: the first one recorded cannot be the copy.
    """
    own = select(LogMark.mark).where(LogMark.submission_id == submission.id)
    shared = func.count()
    first = db.execute(
        select(LogMark.submission_id, shared)
        .where(LogMark.mark.in_(own), LogMark.submission_id < submission.id)
        .group_by(LogMark.submission_id)
        .having(shared >= _SHARED)
        .order_by(LogMark.submission_id)
        .limit(1)
    ).first()
    if first is None:
        return None
    earlier = db.get_one(Submission, first[0])
    same_study = earlier.study_id == submission.study_id
    where = f"submission {earlier.public_id}" if same_study else "a submission to another study on this server"
    return COPIED_LOG.finding(
        severity=Severity.HIGH,
        explanation=(
            f"The rhythm of the keys is that of {where}, to the millisecond: the log was recorded once and sent again."
        ),
        figures={"shared": first[1]},
    )

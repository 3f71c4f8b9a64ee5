"""Check whether a person may take part: exclusions, participation in other studies of the owner, earlier withdrawal.

A person is recognised across an owner's studies by a keyed id.
"""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict
from keytrail.keyring import Keyring
from keytrail.language import message
from keytrail.models import Exclusion, Membership, Role, Study, Worker, WorkerPerson, WritingSession
from keytrail.platforms import Assignment
from keytrail.platforms.registry import phrases_of
from keytrail.sessions.confirmation import theirs, theirs_in_any
from keytrail.sessions.names import assignment_pseudonym, worker_pseudonym

# The study's platform option that names other studies, separated by spaces, whose workers may not take part.
NOT_FROM = "not_from"
# Stands for all other studies of the owner.
ANY_OTHER = "*"


class NotEligible(Conflict):
    """The worker cannot begin; nobody is at fault, and it does not count against anybody."""

    code = "no_work"


def person_pseudonym(owner_id: int, platform: str, platform_worker_id: str, keyring: Keyring) -> str:
    """Return the keyed id of a person for one owner on one platform; it cannot be reversed without the root secret."""
    return keyring.pseudonym(f"person/{owner_id}/{platform}", platform_worker_id, length=26)


def remember_person(db: Session, study: Study, worker: Worker, platform_worker_id: str, keyring: Keyring) -> None:
    """Store a new worker's keyed id for each of the study's owners."""
    for owner_id in owners_of(db, study.id):
        person = person_pseudonym(owner_id, study.platform, platform_worker_id, keyring)
        db.add(WorkerPerson(worker_id=worker.id, owner_id=owner_id, person=person))


def require_eligible(db: Session, study: Study, assignment: Assignment, keyring: Keyring) -> None:
    """Raises NotEligible if the worker may not begin.

    These are workers whom an owner excludes, who took part in a study named in `not_from`, or who withdrew from a study
    that does not allow a return.
    """
    leave = phrases_of(study.platform).leave
    if not study.return_after_withdrawal and _has_withdrawn(db, study, assignment, keyring):
        raise NotEligible(
            message(
                "You stopped and had your text deleted, and this study cannot take you back after that. %(leave)s",
                leave=leave,
            ),
            code="withdrawn",
        )
    persons = {
        owner_id: person_pseudonym(owner_id, study.platform, assignment.worker_id, keyring)
        for owner_id in owners_of(db, study.id)
    }
    excluded = select(Exclusion.id).where(
        Exclusion.owner_id.in_(persons.keys()), Exclusion.person.in_(persons.values())
    )
    if persons and db.scalar(excluded.limit(1)) is not None:
        raise NotEligible(
            message("This study is not open to you, so you cannot take part. %(leave)s", leave=leave),
            code="not_open_to_you",
        )
    named = str(study.platform_options.get(NOT_FROM, "")).split()
    if named and took_part(db, study, list(persons.values()), named):
        raise NotEligible(
            message(
                "You have taken part in an earlier study of ours, and this one is for people who have not. %(leave)s",
                leave=leave,
            ),
            code="took_part",
        )


def _has_withdrawn(db: Session, study: Study, assignment: Assignment, keyring: Keyring) -> bool:
    """Return whether this worker withdrew: from this assignment, or from another that is confirmed as theirs."""
    any_of_theirs = _withdrawals(study, assignment, keyring).where(theirs(db, study))
    return has_withdrawn_from(db, study, assignment, keyring) or db.scalar(any_of_theirs.limit(1)) is not None


def has_withdrawn_from(db: Session, study: Study, assignment: Assignment, keyring: Keyring) -> bool:
    """Return whether this worker withdrew under this id."""
    this_one = WritingSession.assignment_pseudonym == assignment_pseudonym(study, assignment.assignment_id, keyring)
    return db.scalar(_withdrawals(study, assignment, keyring).where(this_one).limit(1)) is not None


def _withdrawals(study: Study, assignment: Assignment, keyring: Keyring) -> Select[int]:
    return (
        select(WritingSession.id)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .where(
            Worker.study_id == study.id,
            Worker.pseudonym == worker_pseudonym(study, assignment.worker_id, keyring),
            WritingSession.withdrawn_at.is_not(None),
        )
    )


def took_part(db: Session, study: Study, persons: Sequence[str], slugs: Sequence[str]) -> bool:
    """Return whether a person consented in one of these other studies. Unconfirmed sessions do not count."""
    others = Study.id != study.id if ANY_OTHER in slugs else Study.slug.in_(slugs)
    query = (
        select(WorkerPerson.worker_id)
        .join(WritingSession, WritingSession.worker_id == WorkerPerson.worker_id)
        .join(Study, Study.id == WritingSession.study_id)
        .where(WorkerPerson.person.in_(persons), others, theirs_in_any())
    )
    return db.scalar(query.limit(1)) is not None


def owners_of(db: Session, study_id: int) -> Sequence[int]:
    """Return the users who own a study."""
    query = select(Membership.user_id).where(Membership.study_id == study_id, Membership.role == Role.OWNER)
    return db.scalars(query.order_by(Membership.user_id)).all()

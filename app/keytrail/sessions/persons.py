"""The same person in several studies of one owner, known by a keyed id; and who is not to be let in again."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict
from keytrail.keyring import Keyring
from keytrail.models import Exclusion, Membership, Role, Study, Worker, WorkerPerson, WritingSession
from keytrail.platforms import Assignment

# The study's platform option that names other studies, separated by spaces, whose workers are not to take part.
NOT_FROM = "not_from"
# Stands for all other studies of the owner.
ANY_OTHER = "*"


class NoWork(Conflict):
    """There is nothing for this worker to do; it is nobody's fault and does not count against anybody."""

    code = "no_work"


def person_pseudonym(owner_id: int, platform: str, platform_worker_id: str, keyring: Keyring) -> str:
    """The keyed name of a person for one owner on one platform; it cannot be turned back without the root secret."""
    return keyring.pseudonym(f"person/{owner_id}/{platform}", platform_worker_id, length=26)


def remember_person(db: Session, study: Study, worker: Worker, platform_worker_id: str, keyring: Keyring) -> None:
    """Keep a new worker's keyed name for each of the study's owners."""
    for owner_id in owners_of(db, study.id):
        person = person_pseudonym(owner_id, study.platform, platform_worker_id, keyring)
        db.add(WorkerPerson(worker_id=worker.id, owner_id=owner_id, person=person))


def require_welcome(db: Session, study: Study, assignment: Assignment, keyring: Keyring) -> None:
    """Raises NoWork for whoever an owner keeps out, or who took part in a study that this one names."""
    persons = {
        owner_id: person_pseudonym(owner_id, study.platform, assignment.worker_id, keyring)
        for owner_id in owners_of(db, study.id)
    }
    excluded = select(Exclusion.id).where(
        Exclusion.owner_id.in_(persons.keys()), Exclusion.person.in_(persons.values())
    )
    if persons and db.scalar(excluded.limit(1)) is not None:
        raise NoWork(
            "This study is not open to you, so there is nothing for you to do here. Please return the task; this does "
            "not count against you.",
            code="not_open_to_you",
        )
    named = str(study.platform_options.get(NOT_FROM, "")).split()
    if named and took_part(db, study, list(persons.values()), named):
        raise NoWork(
            "You have taken part in an earlier study of ours, and this one is for people who have not. Please return "
            "the task; this does not count against you.",
            code="took_part",
        )


def took_part(db: Session, study: Study, persons: Sequence[str], slugs: Sequence[str]) -> bool:
    """Whether a person agreed to take part in one of these other studies."""
    others = Study.id != study.id if ANY_OTHER in slugs else Study.slug.in_(slugs)
    query = (
        select(WorkerPerson.worker_id)
        .join(WritingSession, WritingSession.worker_id == WorkerPerson.worker_id)
        .join(Study, Study.id == WritingSession.study_id)
        .where(WorkerPerson.person.in_(persons), others)
    )
    return db.scalar(query.limit(1)) is not None


def owners_of(db: Session, study_id: int) -> Sequence[int]:
    """The users who own a study."""
    query = select(Membership.user_id).where(Membership.study_id == study_id, Membership.role == Role.OWNER)
    return db.scalars(query.order_by(Membership.user_id)).all()

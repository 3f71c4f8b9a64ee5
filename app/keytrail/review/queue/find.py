"""Find submissions and workers in all studies of a user: by receipt, pseudonym, platform id, or words of texts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from keytrail.keyring import Keyring
from keytrail.models import AssignmentIdentity, Role, Study, Submission, User, Worker, WritingSession
from keytrail.review.queue.search import matches
from keytrail.sessions.names import assignment_pseudonym, worker_pseudonym
from keytrail.studies import memberships

_MOST = 25
_FEWEST_LETTERS = 4
"""Of a pseudonym's beginning: fewer would list half a study."""
_EXCERPT = 160
_LONGEST_NAME = 32


@dataclass(frozen=True)
class FoundSubmission:
    """A submission, with the beginning of its text. `study_id` is set where the platform's id led to it."""

    public_id: str
    study: str
    study_title: str
    item: str
    worker: str
    submitted_at: datetime
    verdict: str | None
    excerpt: str
    study_id: int | None = None


@dataclass(frozen=True)
class FoundWorker:
    """A worker. `study_id` is set where the platform's id led to them."""

    study: str
    study_title: str
    pseudonym: str
    submissions: int
    study_id: int | None


@dataclass(frozen=True)
class SearchResults:
    """What a search found, at most 25 of each; `more` texts hold the words."""

    submissions: Sequence[FoundSubmission]
    workers: Sequence[FoundWorker]
    texts: Sequence[FoundSubmission]
    more: bool

    @property
    def identified(self) -> Sequence[tuple[int, dict[str, str]]]:
        """What a platform's id led to: the study, and the worker or submission, as the audit log names them."""
        workers = [(worker.study_id, {"worker": worker.pseudonym}) for worker in self.workers if worker.study_id]
        submissions = [(one.study_id, {"submission": one.public_id}) for one in self.submissions if one.study_id]
        return [*workers, *submissions]


def names_beginning(
    db: Session, studies: Sequence[Study], beginning: str, most: int
) -> tuple[Sequence[str], Sequence[tuple[str, str]]]:
    """Return receipts, and workers' pseudonyms with their study's slug, that begin so; at most `most` of each."""
    ids = [study.id for study in studies]
    # Without the sum SQLite would read all submissions of the studies instead of the few with such an id.
    ours = (Submission.study_id + 0).in_(ids)
    receipts = select(Submission.public_id).where(ours, _begins(Submission.public_id, beginning)).limit(most)
    workers = select(Worker.pseudonym, Study.slug).join(Study, Study.id == Worker.study_id).limit(most)
    workers = workers.where(Worker.study_id.in_(ids), _begins(Worker.pseudonym, beginning))
    return db.scalars(receipts).all(), [(name, slug) for name, slug in db.execute(workers)]


def _begins(name: InstrumentedAttribute[str], beginning: str) -> ColumnElement[bool]:
    """Select names of lower-case letters and digits that begin so, as a range of their index in any collation."""
    return name.between(beginning, beginning + "z" * _LONGEST_NAME)


def find(db: Session, user: User, words: str, keyring: Keyring) -> SearchResults:
    """Look in every study that the user has a role in; for platform ids, in those that the user owns.

    Platform ids are not searched in the clear: the id that was entered is hashed as each study's workers were.
    """
    words = words.strip()
    if not words:
        return SearchResults((), (), (), more=False)
    found = memberships(db, user)
    studies = {study.id: study for study, _ in found}
    owned = [study for study, role in found if role == Role.OWNER]
    submissions = _submissions(db, studies, Submission.public_id == words.lower())
    submissions += _by_assignment(db, studies, owned, words, keyring)
    texts = _submissions(db, studies, matches(words), _MOST + 1)
    return SearchResults(
        submissions, _workers(db, studies, owned, words, keyring), texts[:_MOST], more=len(texts) > _MOST
    )


def _submissions(
    db: Session, studies: dict[int, Study], which: ColumnElement[bool], most: int = _MOST
) -> list[FoundSubmission]:
    query = (
        select(Submission)
        .where(Submission.study_id.in_(studies), which)
        .options(
            joinedload(Submission.session).joinedload(WritingSession.item),
            joinedload(Submission.session).joinedload(WritingSession.worker),
        )
        .order_by(Submission.id.desc())
        .limit(most)
    )
    return [
        FoundSubmission(
            public_id=one.public_id,
            study=studies[one.study_id].slug,
            study_title=studies[one.study_id].title,
            item=one.session.item.title or one.session.item.key,
            worker=one.session.worker.pseudonym,
            submitted_at=one.submitted_at,
            verdict=one.verdict,
            excerpt=one.text[:_EXCERPT] + ("…" if len(one.text) > _EXCERPT else ""),
        )
        for one in db.scalars(query)
    ]


def _by_assignment(
    db: Session, studies: dict[int, Study], owned: Sequence[Study], words: str, keyring: Keyring
) -> list[FoundSubmission]:
    """By an assignment's id, in the user's own studies."""
    names = [assignment_pseudonym(study, words, keyring) for study in owned]
    sessions = (
        select(WritingSession.id)
        .join(AssignmentIdentity, AssignmentIdentity.session_id == WritingSession.id)
        .where(
            WritingSession.study_id.in_([study.id for study in owned]), WritingSession.assignment_pseudonym.in_(names)
        )
    )
    found = _submissions(db, studies, Submission.session_id.in_(sessions))
    ids = {study.slug: study.id for study in owned}
    return [replace(one, study_id=ids[one.study]) for one in found]


def _workers(
    db: Session, studies: dict[int, Study], owned: Sequence[Study], words: str, keyring: Keyring
) -> Sequence[FoundWorker]:
    named = {study.id: worker_pseudonym(study, words, keyring) for study in owned}
    which: list[ColumnElement[bool]] = [Worker.pseudonym.in_(named.values())]
    if len(words) >= _FEWEST_LETTERS and words.isalnum():
        which.append(_begins(Worker.pseudonym, words.lower()))
    submitted = (
        select(func.count())
        .where(Submission.study_id == Worker.study_id, Submission.worker_id == Worker.id)
        .correlate(Worker)
        .scalar_subquery()
    )
    query = (
        select(Worker, submitted)
        .where(Worker.study_id.in_(studies), or_(*which))
        .order_by(Worker.id.desc())
        .limit(_MOST)
    )
    return [
        FoundWorker(
            study=studies[worker.study_id].slug,
            study_title=studies[worker.study_id].title,
            pseudonym=worker.pseudonym,
            submissions=count,
            study_id=worker.study_id if named.get(worker.study_id) == worker.pseudonym else None,
        )
        for worker, count in db.execute(query)
    ]

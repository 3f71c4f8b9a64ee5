"""The review queue: undecided submissions, strongest evidence first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from keytrail.errors import BadRequest
from keytrail.models import Decision, DecisionKind, Submission, User
from keytrail.review.judging.claims import claim
from keytrail.review.judging.settlement import VERDICTS_IN_ORDER, attention_range
from keytrail.review.queue.filters import Filters, filtered
from keytrail.review.queue.listing import ListedSubmission, count_by_verdict, lines_of

COUNTED = 1_000


@dataclass(frozen=True)
class QueuePlace:
    """A submission's place in the queue."""

    attention: float
    number: int

    @classmethod
    def read(cls, mark: str) -> "QueuePlace | None":
        """Parse a page mark; None for an empty one. Raises BadRequest for an invalid one."""
        if not mark:
            return None
        try:
            attention, number = mark.split("-")
            return cls(float(attention), int(number))
        except ValueError:
            raise BadRequest("This address has a page mark that we did not give. Start again from the top.") from None

    def __str__(self) -> str:
        return f"{self.attention!r}-{self.number}"


@dataclass(frozen=True)
class Reviewer:
    """The queue's user and the current time: submissions that others hold or this user has judged are not in
    the queue.
    """

    user: User
    now: datetime


def queue_lines(
    db: Session, study_id: int, filters: Filters, reviewer: Reviewer, limit: int, after: QueuePlace | None = None
) -> tuple[list[ListedSubmission], QueuePlace | None]:
    """Return a page of the queue and the place after which the next one starts. Submissions held by others are listed
    too.
    """
    query = waiting_submissions(study_id, filters, reviewer)
    if after is not None:
        query = query.where(_place < (after.attention, after.number))
    query = query.order_by(Submission.attention.desc(), Submission.id.desc())
    lines, more = lines_of(db, query, limit)
    last = lines[-1] if lines else None
    return lines, QueuePlace(last.attention, last.number) if more and last else None


def waiting_submissions(study_id: int, filters: Filters, reviewer: Reviewer) -> Select[int]:
    """Select what fits the filters and waits for this user, in no order."""
    waiting: Select[int] = _waiting(filtered(select(Submission.id), study_id, filters), filters, reviewer)
    return waiting


def next_in_queue(
    db: Session,
    study_id: int,
    filters: Filters,
    reviewer: Reviewer,
    after: QueuePlace | None = None,
    *,
    back: bool = False,
) -> Submission | None:
    """Claim and return the next submission that nobody else holds; `back` searches backwards.

    Starting at the top, unanswered objections come first. At the end it starts from the top, so that skipped ones come
    again. None if nothing is left.
    """
    query = _free(_waiting(filtered(select(Submission), study_id, filters), filters, reviewer), reviewer)
    found = None
    if after is None and not back:
        found = _first(db, _free(_objected(select(Submission), study_id), reviewer), None, back=False)
    if found is None:
        found = _first(db, query, after, back=back)
    if found is None and after is not None and not back:
        found = _first(db, query.where(Submission.id != after.number), None, back=False)
    if found is not None:
        claim(found, reviewer.user, reviewer.now)
    return found


def objected_lines(db: Session, study_id: int, limit: int) -> list[ListedSubmission]:
    """Submissions whose worker objects and waits for an answer, the oldest first."""
    return lines_of(db, _objected(select(Submission.id), study_id).order_by(Submission.id), limit)[0]


def count_waiting(db: Session, study_id: int, reviewer: Reviewer) -> int:
    """Count submissions for this user, up to COUNTED: the exact number does not matter beyond it."""
    some = waiting_submissions(study_id, Filters(), reviewer).limit(COUNTED)
    return db.scalar(select(func.count()).select_from(some.subquery())) or 0


def count_queue(db: Session, study_id: int, filters: Filters, reviewer: Reviewer) -> dict[str, int]:
    """How many fit the filters and wait for this user, by verdict; the filters' own verdict is left aside."""
    return count_by_verdict(db, waiting_submissions(study_id, replace(filters, verdict=None), reviewer))


def waiting_by_verdict(db: Session, study_id: int) -> dict[str, int]:
    """Count the queue by verdict, for any user. One statement; each count is a range of an index."""
    ours = Submission.study_id == study_id
    counts = {
        verdict: ours & Submission.settled.is_(False) & (Submission.attention >= first) & (Submission.attention < last)
        for verdict in VERDICTS_IN_ORDER
        for first, last in [attention_range(verdict)]
    }
    # Submissions that are not analysed yet have the lowest place too, and are not in the queue.
    stretches = [*counts.values(), ours & Submission.verdict.is_(None)]
    *found, fresh = db.execute(select(*(select(func.count()).where(one).scalar_subquery() for one in stretches))).one()
    waiting = dict(zip(counts, found, strict=True))
    waiting[VERDICTS_IN_ORDER[-1]] -= fresh
    return waiting


def place_of(submission: Submission) -> QueuePlace:
    """Return the place of a submission, even if it has left the queue."""
    return QueuePlace(submission.attention, submission.id)


_place: Any = tuple_(Submission.attention, Submission.id)


def _objected(query: Any, study_id: int) -> Any:
    return query.where(Submission.study_id == study_id, Submission.objected)


def _first(db: Session, query: Select[Submission], after: QueuePlace | None, *, back: bool) -> Submission | None:
    if after is not None:
        place = (after.attention, after.number)
        query = query.where(_place > place if back else _place < place)
    order: Sequence[ColumnElement[Any]] = (
        (Submission.attention.asc(), Submission.id.asc())
        if back
        else (Submission.attention.desc(), Submission.id.desc())
    )
    return db.scalar(query.order_by(*order).limit(1).with_for_update(of=Submission, skip_locked=True))


def _waiting(query: Any, filters: Filters, reviewer: Reviewer) -> Any:
    """Condition: analysed, not settled, and not judged by this user."""
    if filters.verdict:
        # Equivalent to the verdict's own filter, but answered by the queue's index.
        first, last = attention_range(filters.verdict)
        query = query.where(Submission.attention >= first, Submission.attention < last)
    later = aliased(Decision)
    own_word = exists().where(
        Decision.submission_id == Submission.id,
        Decision.user_id == reviewer.user.id,
        Decision.kind != DecisionKind.WITHDRAWN,
        ~exists().where(
            later.submission_id == Decision.submission_id, later.user_id == reviewer.user.id, later.id > Decision.id
        ),
    )
    return query.where(Submission.settled.is_(False), Submission.verdict.is_not(None), ~own_word)


def _free(query: Select[Submission], reviewer: Reviewer) -> Select[Submission]:
    return query.where(
        or_(
            Submission.claimed_by_id.is_(None),
            Submission.claimed_by_id == reviewer.user.id,
            Submission.claimed_until <= reviewer.now,
        )
    )

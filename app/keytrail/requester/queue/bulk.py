"""Bulk decisions: decide several submissions at once, always after a preview."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from keytrail.errors import BadRequest
from keytrail.models import DecisionKind, Study, Submission
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, require_reviewer, same_origin, study_for
from keytrail.requester.queue.filter_form import CurrentFilters
from keytrail.requester.queue.rows import QueueRow, row_of
from keytrail.requester.wording import DECISIONS, VERDICTS, Word
from keytrail.review.judging.decisions import DecisionInput, check_choice, decide
from keytrail.review.judging.reasons import REASONS
from keytrail.review.queue.listing import lines_of
from keytrail.review.queue.queue import Reviewer, queue_lines
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}/queue/bulk", include_in_schema=False, dependencies=[Depends(same_origin)])

MOST_AT_ONCE = 200

Picks = Annotated[list[str], Form(max_length=MOST_AT_ONCE)]


def _choice(
    kind: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = "", note: Annotated[str, Form()] = ""
) -> DecisionInput:
    if kind not in DECISIONS:
        raise BadRequest("Choose a decision for the submissions first.")
    return DecisionInput(DecisionKind(kind), reason, note.strip())


CurrentChoice = Annotated[DecisionInput, Depends(_choice)]


@dataclass(frozen=True)
class BulkPage:
    """What a decision for several submissions would do."""

    template: ClassVar[str] = "requester/queue/bulk.html"

    frame: Frame
    study: Study
    word: Word
    kind: str
    reason: str
    reason_text: str
    note: str
    rows: Sequence[QueueRow]
    counts: Sequence[tuple[str, Word, int]]
    already: int
    query: str


@router.post("")
def preview(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    render: CurrentPages,
    now: Now,
    chosen: CurrentFilters,
    choice: CurrentChoice,
    pick: Picks = [],  # noqa: B006  # FastAPI copies it
    every: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Changes nothing: shows each submission and the decision that it would get.

    With `every` these are all that fit the filters, the strongest first, as many as can be decided at once.
    """
    study, role = study_for(db, slug, user)
    require_reviewer(role)
    check_choice(choice)
    if every:
        lines, _ = queue_lines(db, study.id, chosen.filters(), Reviewer(user, now), MOST_AT_ONCE)
    else:
        query = select(Submission.id).where(Submission.study_id == study.id, Submission.public_id.in_(pick))
        lines, _ = lines_of(db, query.order_by(Submission.attention.desc(), Submission.id.desc()), MOST_AT_ONCE)
    if not lines:
        raise BadRequest("No submission was chosen. Go back and tick some first.")
    counts = Counter(line.verdict for line in lines)
    page = BulkPage(
        frame=study_frame(user, study, role, "queue", Link("Decide for several", "", current=True)),
        study=study,
        word=DECISIONS[choice.kind],
        kind=choice.kind,
        reason=choice.reason,
        reason_text=REASONS.get(choice.reason, ""),
        note=choice.note,
        rows=[row_of(line, study.reviews_per_submission, user.id, now) for line in lines],
        counts=[(key, word, counts[key]) for key, word in VERDICTS.items() if counts[key]],
        already=sum(line.decision is not None for line in lines),
        query=chosen.query(),
    )
    return render.render(page)


@router.post("/confirm")
def confirm(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    chosen: CurrentFilters,
    choice: CurrentChoice,
    pick: Picks = [],  # noqa: B006  # FastAPI copies it
) -> Response:
    """Decide everything previewed or, if one cannot be decided, nothing."""
    study, role = study_for(db, slug, user)
    require_reviewer(role)
    picked = _picked(db, study, pick)
    for submission in picked:
        report = submission.report
        verdict, version = (report.verdict, report.analysis_version) if report else (None, None)
        decide(db, submission, user, replace(choice, verdict_seen=verdict, analysis_version_seen=version), now)
    done = ".".join(submission.public_id for submission in picked)
    return RedirectResponse(chosen.address(f"/studies/{slug}/queue", decided=done), status_code=303)


@router.post("/undo")
def undo(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    chosen: CurrentFilters,
    pick: Picks = [],  # noqa: B006  # FastAPI copies it
) -> Response:
    """Undo the user's own decisions: all of them or, if one is missing, none."""
    study, role = study_for(db, slug, user)
    require_reviewer(role)
    for submission in _picked(db, study, pick):
        decide(db, submission, user, DecisionInput(DecisionKind.WITHDRAWN), now)
    return RedirectResponse(chosen.address(f"/studies/{slug}/queue"), status_code=303)


def _picked(db: Session, study: Study, pick: Sequence[str]) -> Sequence[Submission]:
    return db.scalars(
        select(Submission)
        .where(Submission.study_id == study.id, Submission.public_id.in_(pick))
        .options(joinedload(Submission.report), joinedload(Submission.study))
        .order_by(Submission.id)  # in the order in which decisions lock them
    ).all()

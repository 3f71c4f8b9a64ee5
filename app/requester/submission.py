"""One submission: the text with its origins, the findings, the item beside it, and the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from app.errors import BadRequest, Forbidden
from app.models import Decision, DecisionKind, Role, Submission, User
from app.requester.access import CurrentUser, same_origin
from app.requester.evidence import Evidence, evidence_of
from app.requester.frame import Frame, Link, study_frame
from app.requester.wording import DECIDED, DECISIONS, HONEST_LIMIT, Word
from app.review.decisions import REASONS, Choice, decide, decisions_of
from app.review.submissions import submission_and_role
from app.web.pages import CurrentPages
from app.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/submissions", include_in_schema=False, dependencies=[Depends(same_origin)])


@dataclass(frozen=True)
class PastDecision:
    """What a reviewer said, and what the page said to the reviewer then."""

    kind: str
    said: str
    reason: str
    note: str
    by: str
    at: datetime
    verdict_seen: str | None
    analysis_version_seen: str | None


@dataclass(frozen=True)
class DecisionForm:
    """The choices, what was chosen in a form that could not be taken, and everything decided before."""

    allowed: bool
    kinds: Sequence[tuple[str, Word, bool]]
    reasons: Sequence[tuple[str, str, bool]]
    note: str
    problem: str
    standing: PastDecision | None
    history: Sequence[PastDecision]


@dataclass(frozen=True)
class SubmissionPage:
    """`evidence` is None until the submission has been analysed."""

    template: ClassVar[str] = "requester/submission.html"

    frame: Frame
    study_slug: str
    public_id: str
    item_title: str
    item_text: str
    worker: str
    submitted_at: datetime
    words: int
    text: str
    comment: str
    label: str | None
    condition: str | None
    log_complete: bool
    evidence: Evidence | None
    decision: DecisionForm
    limit: str


@dataclass(frozen=True)
class Draft:
    """A decision form as it was sent."""

    kind: str = ""
    reason: str = ""
    note: str = ""


@router.get("/{public_id}")
def show_submission(public_id: str, user: CurrentUser, db: ReadSession, render: CurrentPages) -> Response:
    """Security: answers 404 to whoever has no role in the submission's study."""
    submission, role = submission_and_role(db, public_id, user)
    return render.render(_page(db, submission, user, role))


@router.get("/{public_id}/state")
def analysis_state(public_id: str, user: CurrentUser, db: ReadSession) -> Response:
    """For the page that waits for the analysis."""
    submission, _ = submission_and_role(db, public_id, user)
    return JSONResponse({"analysed": submission.report is not None})


@router.post("/{public_id}/decisions")
def record_decision(
    public_id: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    render: CurrentPages,
    kind: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    verdict_seen: Annotated[str, Form(max_length=16)] = "",
    analysis_version_seen: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    """Security: 404 for outsiders, 403 for viewers."""
    submission, role = submission_and_role(db, public_id, user)
    if role == Role.VIEWER:
        raise Forbidden("You may look at this study, but not decide. Ask its owner to make you a reviewer.")
    try:
        choice = Choice(_kind(kind), reason, note, verdict_seen or None, analysis_version_seen or None)
        decide(db, submission, user, choice, now)
    except BadRequest as problem:
        draft = Draft(kind, reason, note)
        return render.render(_page(db, submission, user, role, draft, problem.message), status=problem.status)
    return RedirectResponse(f"/submissions/{public_id}#decision", status_code=303)


def _kind(kind: str) -> DecisionKind:
    try:
        return DecisionKind(kind)
    except ValueError:
        raise BadRequest("Choose what to do with the submission first.", code="decision_missing") from None


def _page(
    db: Session, submission: Submission, user: User, role: Role, draft: Draft | None = None, problem: str = ""
) -> SubmissionPage:
    item = submission.session.item
    return SubmissionPage(
        frame=study_frame(
            user, submission.study, role, "", Link(f"Submission {submission.public_id}", "", current=True)
        ),
        study_slug=submission.study.slug,
        public_id=submission.public_id,
        item_title=item.title or item.key,
        item_text=item.text,
        worker=submission.session.worker.pseudonym,
        submitted_at=submission.submitted_at,
        words=submission.words,
        text=submission.text,
        comment=submission.comment,
        label=submission.label,
        condition=submission.session.condition,
        log_complete=submission.log_complete,
        evidence=evidence_of(submission.report, submission.text) if submission.report else None,
        decision=_form(decisions_of(db, submission), role, draft or Draft(), problem),
        limit=HONEST_LIMIT,
    )


def _form(decisions: Sequence[Decision], role: Role, draft: Draft, problem: str) -> DecisionForm:
    history = [_past(decision) for decision in decisions]
    standing = history[0] if history and history[0].kind != DecisionKind.WITHDRAWN else None
    return DecisionForm(
        allowed=role != Role.VIEWER,
        kinds=[(kind, word, kind == draft.kind) for kind, word in DECISIONS.items()],
        reasons=[(key, said, key == draft.reason) for key, said in REASONS.items()],
        note=draft.note,
        problem=problem,
        standing=standing,
        history=history,
    )


def _past(decision: Decision) -> PastDecision:
    return PastDecision(
        kind=decision.kind,
        said=DECIDED.get(decision.kind, decision.kind),
        reason=REASONS.get(decision.reason, decision.reason),
        note=decision.note,
        by=decision.user.name,
        at=decision.decided_at,
        verdict_seen=decision.verdict_seen,
        analysis_version_seen=decision.analysis_version_seen,
    )

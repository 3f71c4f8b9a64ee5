"""The context of a submission's page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from keytrail.models import CopyingExercise, Role, Submission, User
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.queue.filter_form import ChosenFilters
from keytrail.requester.queue.navigation import Holder, QueueNavigation, holder_of, queue_navigation
from keytrail.requester.queue.rows import arrived_text
from keytrail.requester.submission.arrivals import ShownArrival, arrivals_of
from keytrail.requester.submission.decision_form import DecisionDraft, DecisionForm, decision_form
from keytrail.requester.submission.evidence import Evidence, evidence_of
from keytrail.requester.submission.item_text import ItemPiece, item_pieces
from keytrail.requester.submission.own_copying import OwnCopying, own_copying_of
from keytrail.requester.submission.payment import SubmissionPayment, submission_payment
from keytrail.requester.submission.replay import Replay, replay_of
from keytrail.requester.submission.unanalysed import FailedAnalysis, failed_analysis
from keytrail.requester.submission.worker_words import ShownObjection, ShownStatement, shown_objection, statement_of
from keytrail.requester.wording import CONFIRMATION, HONEST_LIMIT, VERDICTS, Word
from keytrail.review.figures.workers import history_of_worker, others_of_worker
from keytrail.review.judging.decisions import decisions_of
from keytrail.review.queue.filters import WAITING
from keytrail.review.queue.queue import Reviewer
from keytrail.review.replay.replay_service import ReplayService
from keytrail.review.replay.session_replay import has_replay
from keytrail.sessions.confirmation import confirmation_of

_MOST = 8


@dataclass(frozen=True)
class HistoryLine:
    """Another submission of the same worker in the page's words."""

    public_id: str
    item_title: str
    verdict_key: str
    verdict: Word
    arrived: str
    submitted_at: datetime


def worker_history(db: Session, submission: Submission) -> Sequence[HistoryLine]:
    """Return the newest few of the worker's other submissions."""
    lines = []
    for work in history_of_worker(db, submission, _MOST):
        key = work.verdict or WAITING
        lines.append(
            HistoryLine(
                public_id=work.public_id,
                item_title=work.item_title,
                verdict_key=key,
                verdict=VERDICTS[key],
                arrived=arrived_text(work.arrived_share),
                submitted_at=work.submitted_at,
            )
        )
    return lines


@dataclass(frozen=True)
class SubmissionPage:
    """The page's context. `evidence` is None until the analysis, `replay` also where it is made on demand only.

    `failed` says why there is no evidence where the analysis failed. On a `trial` nothing can be decided or sent.
    """

    template: ClassVar[str] = "requester/submission/submission.html"

    frame: Frame
    study_slug: str
    trial: bool
    public_id: str
    item_title: str
    item: list[ItemPiece]
    worker: str
    confirmation: str
    others: int
    others_flagged: int
    history: Sequence[HistoryLine]
    submitted_at: datetime
    words: int
    text: str
    comment: str
    statement: ShownStatement | None
    own_copying: OwnCopying | None
    objection: ShownObjection | None
    label: str | None
    condition: str | None
    log_complete: bool
    evidence: Evidence | None
    arrivals: Sequence[ShownArrival]
    failed: FailedAnalysis | None
    replay: Replay | None
    masked_at: datetime | None
    replay_on_demand: bool
    queue: QueueNavigation | None
    holder: Holder | None
    decision: DecisionForm
    payment: SubmissionPayment
    limit: str


@dataclass(frozen=True)
class SubmissionPageOptions:
    """What the address asks for beside the submission itself; `replays` if a long replay was asked for.

    `answer` and `answer_problem` are of an answer to an objection that was refused.
    """

    queue: str = ""
    chosen: ChosenFilters = field(default_factory=ChosenFilters)
    last: str = ""
    replays: ReplayService | None = None
    answer: str = ""
    answer_problem: str = ""


@dataclass(frozen=True)
class SubmissionReader:
    """The reader, their role, and the current time."""

    user: User
    role: Role
    now: datetime


def submission_page(
    db: Session,
    submission: Submission,
    reader: SubmissionReader,
    asked: SubmissionPageOptions,
    draft: DecisionDraft | None = None,
) -> SubmissionPage:
    """Return the page for one reader."""
    item = submission.session.item
    others, others_flagged = others_of_worker(db, submission)
    evidence = evidence_of(submission.report, submission.text) if submission.report else None
    played = replay_of(db, submission, asked.replays)
    here = Link(f"Submission {submission.public_id}", "", current=True)
    return SubmissionPage(
        frame=study_frame(reader.user, submission.study, reader.role, "queue" if asked.queue else "", here),
        study_slug=submission.study.slug,
        trial=submission.study.trial_of_id is not None,
        public_id=submission.public_id,
        item_title=item.title or item.key,
        item=item_pieces(item.text, evidence.runs if evidence else ()),
        worker=submission.session.worker.pseudonym,
        confirmation=_confirmation(db, submission),
        others=others,
        others_flagged=others_flagged,
        history=worker_history(db, submission),
        submitted_at=submission.submitted_at,
        words=submission.words,
        text=submission.text,
        comment=submission.comment,
        statement=statement_of(db, submission),
        own_copying=own_copying_of(
            db.get(CopyingExercise, submission.session_id),
            submission.report.body["measures"] if submission.report else {},
        ),
        objection=shown_objection(db, submission, reader.role, asked.answer, asked.answer_problem),
        label=submission.label,
        condition=submission.session.condition,
        log_complete=submission.log_complete,
        evidence=evidence,
        arrivals=arrivals_of(evidence.arrivals, played.clips if played else ()) if evidence else (),
        failed=failed_analysis(db, submission, reader.role),
        replay=played,
        masked_at=submission.session.masked_at,
        replay_on_demand=played is None and evidence is not None and has_replay(submission),
        queue=queue_navigation(
            db, submission, Reviewer(reader.user, reader.now), reader.role, (asked.queue, asked.chosen, asked.last)
        ),
        holder=holder_of(db, submission, reader.user, reader.now),
        decision=decision_form(
            decisions_of(db, submission), submission, reader.user, reader.role, draft or DecisionDraft()
        ),
        payment=submission_payment(db, submission, reader.role),
        limit=HONEST_LIMIT,
    )


def _confirmation(db: Session, submission: Submission) -> str:
    """Return a remark on the worker's name; none once the marketplace has confirmed it."""
    return CONFIRMATION[confirmation_of(db, submission.study, submission.session)]

"""A worker's copy: the text, what was recorded, the decision if the study shows it, and an objection to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from babel.dates import format_datetime
from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.language import Language, Message, message
from keytrail.models import (
    CopyingExercise,
    DecisionKind,
    Epoch,
    LengthUnit,
    Study,
    Submission,
    WorkerStatement,
    WritingSession,
)
from keytrail.platform_actions.decision_actions import rejection_begun
from keytrail.provenance import Origin
from keytrail.provenance.kinds import ACCOUNTED
from keytrail.review.judging.decisions import decisions_of
from keytrail.review.judging.objections import MOST_CHARACTERS, make_objection, may_object, objection_of
from keytrail.review.judging.reasons import REASONS
from keytrail.review.judging.settlement import latest_decisions
from keytrail.sessions.statements import STATED_ORIGINS, stated_origins
from keytrail.studies.briefing import Term, duration
from keytrail.text.length import length_of, length_text
from keytrail.web.pages import CurrentPages
from keytrail.worker.context import CurrentContext, WorkerContext, require_study
from keytrail.worker.exercise_figures import exercise_terms
from keytrail.worker.finding_sentences import finding_sentence

router = APIRouter(prefix="/task", include_in_schema=False)

_LONGEST_PASSAGE = 300
_DECISIONS: Mapping[str, Message] = {
    DecisionKind.ACCEPT: message("Accepted"),
    DecisionKind.EXCLUDE: message("Accepted and paid, but not used in the study"),
    DecisionKind.PROPOSE_REJECTION: message("A rejection is proposed. A person confirms it before anything is sent."),
}
_REJECTED = message("Rejected")
_WAYS: Mapping[Message, frozenset[Origin]] = {
    message("Written here"): ACCOUNTED | {Origin.MOVED},
    message("Taken from the text to read"): frozenset({Origin.SOURCE}),
    message("Pasted or dropped from elsewhere"): frozenset({Origin.EXTERNAL}),
    message("Came without a key, by a program or another aid"): frozenset(
        {Origin.REWRITTEN, Origin.NOKEY, Origin.SCRIPT, Origin.SILENT}
    ),
    message("Not known"): frozenset({Origin.INITIAL, Origin.UNKNOWN}),
}
"""The analysis's twelve origins of characters in five plain terms."""


@dataclass(frozen=True)
class CopyFinding:
    """One finding in a sentence, and the passages that it refers to."""

    sentence: str
    passages: Sequence[str]


@dataclass(frozen=True)
class CopyDecision:
    """The decision and its reasons."""

    description: str
    reason: str
    findings: Sequence[CopyFinding]


@dataclass(frozen=True)
class CopyObjection:
    """The worker's objection, and the answer once there is one."""

    words: str
    made_at: str
    answer: str
    answered_at: str


@dataclass(frozen=True)
class CopyPage:
    """`decision` is None until all reviewers have decided, or if the study shows none; `shows_decision` tells these
    cases apart.

    `exercise` holds the figures of the copying exercise: None where none was done or skipped, empty if it was skipped.
    `draft` and `problem` are of a refused objection.
    """

    template: ClassVar[str] = "worker/copy.html"

    language: Language
    title: str
    slug: str
    key: str
    until: str
    text: str
    comment: str
    figures: Sequence[Term]
    exercise: Sequence[Term] | None
    shows_decision: bool
    decision: CopyDecision | None
    objection: CopyObjection | None
    may_object: bool
    rejected: bool
    most: int
    draft: str
    problem: str


def copy_url(context: WorkerContext, study: Study, session: WritingSession, submission: Submission) -> str:
    """Return the address of a worker's copy; empty if the study offers none."""
    if not study.copy_days:
        return ""
    until = submission.submitted_at + timedelta(days=study.copy_days)
    return f"/task/{study.slug}/copy?key={context.tickets.for_copy(session, until)}"


@router.get("/{slug}/copy")
def show_copy(slug: str, context: CurrentContext, pages: CurrentPages, key: str = "") -> Response:
    """Show the copy. Security: the signed key names the one session whose copy this is, and its expiry."""
    study, submission = _submission_of(context, slug, key)
    return pages.render(_copy_page(context, study, submission, key))


@router.post("/{slug}/objection")
def object_to_decision(
    slug: str,
    context: CurrentContext,
    pages: CurrentPages,
    key: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "",
) -> Response:
    """Store the worker's objection. Security: as the copy."""
    study, submission = _submission_of(context, slug, key)
    try:
        with context.db.begin_nested():
            make_objection(context.db, study, submission, words, context.now)
    except (BadRequest, Conflict) as problem:
        context.db.refresh(submission)
        page = _copy_page(context, study, submission, key, words[: 2 * MOST_CHARACTERS], problem.message)
        return pages.render(page, status=problem.status)
    return RedirectResponse(f"/task/{slug}/copy?key={key}", status_code=303)


def _submission_of(context: WorkerContext, slug: str, key: str) -> tuple[Study, Submission]:
    study = context.study(slug)
    ticket = context.tickets.read_copy(key, context.now)
    require_study(ticket.study_id, study)
    session = context.session(ticket)
    query = select(Submission).where(Submission.session_id == session.id).options(joinedload(Submission.report))
    submission = context.db.scalar(query)
    if submission is None or not study.copy_days:
        raise NotFound(message("This study offers no copy of what was recorded."), code="no_copy")
    return study, submission


def _copy_page(
    context: WorkerContext, study: Study, submission: Submission, key: str, draft: str = "", problem: str = ""
) -> CopyPage:
    language = context.language
    shown = study.copy_shows_decision
    rejected = rejection_begun(context.db, submission)
    return CopyPage(
        language=language,
        title=study.title,
        slug=study.slug,
        key=key,
        until=_moment(submission.submitted_at + timedelta(days=study.copy_days), language),
        text=submission.text,
        comment=submission.comment,
        figures=[
            *_figures(context.db, study, submission, language),
            *_said(context.db, submission, language),
        ],
        exercise=_exercise(context.db, submission, language),
        shows_decision=shown,
        decision=_decision(context.db, submission, language, rejected=rejected)
        if shown and submission.settled
        else None,
        objection=_objection(context.db, submission, language) if shown else None,
        may_object=may_object(study, submission),
        rejected=rejected,
        most=MOST_CHARACTERS,
        draft=draft,
        problem=language.text(problem),
    )


def _figures(db: Session, study: Study, submission: Submission, language: Language) -> Iterator[Term]:
    say, unit = language.text, LengthUnit(study.length_unit)
    yield Term(say(message("Submitted")), _moment(submission.submitted_at, language))
    yield Term(say(message("Length")), say(length_text(length_of(submission.text, unit), unit)))
    events = db.scalar(select(func.sum(Epoch.events)).where(Epoch.session_id == submission.session_id)) or 0
    yield Term(say(message("Recorded steps (keys, changes of the text and the like)")), str(events))
    if submission.report is None:
        return
    if submission.report.duration_ms is not None:
        minutes = max(1, round(submission.report.duration_ms / 60_000))
        yield Term(say(message("From the first step to the last")), duration(minutes, language))
    origins: Mapping[str, int] = submission.report.body["origins"]
    for way, kinds in _WAYS.items():
        if units := sum(origins.get(kind, 0) for kind in kinds):
            yield Term(say(way), say(length_text(units, LengthUnit.CHARACTERS)))


def _said(db: Session, submission: Submission, language: Language) -> Iterator[Term]:
    """Yield the worker's own statement on the text, as reviewers see it; nothing if there is none."""
    stated = db.get(WorkerStatement, submission.id)
    if stated is None:
        return
    say = language.text
    if origins := [say(STATED_ORIGINS[origin]) for origin in stated_origins(stated.text_origins)]:
        yield Term(say(message("Where pasted text is from, as you said")), "; ".join(origins))
    if stated.input_aids:
        yield Term(say(message("Assistive technology or dictation")), say(message("Used, as you said")))


def _exercise(db: Session, submission: Submission, language: Language) -> Sequence[Term] | None:
    found = db.get(CopyingExercise, submission.session_id)
    return None if found is None else list(exercise_terms(found.measures, language))


def _decision(db: Session, submission: Submission, language: Language, *, rejected: bool) -> CopyDecision | None:
    latest = latest_decisions(decisions_of(db, submission))
    if not latest:
        return None
    reason, kind = REASONS.get(latest[0].reason), latest[0].kind
    found: Sequence[Mapping[str, Any]] = submission.report.body["findings"] if submission.report else ()
    return CopyDecision(
        description=language.text(
            _REJECTED if rejected and kind == DecisionKind.PROPOSE_REJECTION else _DECISIONS.get(kind, kind)
        ),
        reason=language.text(reason) if reason else "",
        findings=[_finding(one, submission.text, language) for one in found],
    )


def _finding(finding: Mapping[str, Any], text: str, language: Language) -> CopyFinding:
    units = text.encode("utf-16-le", "surrogatepass")
    spans = finding["evidence"].get("spans", ())
    passages = [units[2 * int(start) : 2 * int(end)].decode("utf-16-le", "replace") for start, end in spans]
    shown = [passage[:_LONGEST_PASSAGE] for passage in passages if passage]
    return CopyFinding(finding_sentence(finding, language), shown)


def _objection(db: Session, submission: Submission, language: Language) -> CopyObjection | None:
    made = objection_of(db, submission)
    if made is None:
        return None
    answered = _moment(made.answered_at, language) if made.answered_at else ""
    return CopyObjection(made.words, _moment(made.made_at, language), made.answer, answered)


def _moment(at: datetime, language: Language) -> str:
    return f"{format_datetime(at, 'medium', locale=language.tag.replace('-', '_'))} UTC"

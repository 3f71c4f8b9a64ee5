"""The main table: one row per submission, with its text, the report's summary and the decision."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.exports.columns import Column, ColumnKind, Table
from keytrail.exports.reading import portions
from keytrail.exports.selection import Selection
from keytrail.models import (
    CopyingExercise,
    Decision,
    ModelUse,
    Objection,
    SelfReport,
    Submission,
    TextScore,
    WorkerStatement,
)
from keytrail.provenance import Origin
from keytrail.review.judging.arrived_share import arrived_share
from keytrail.review.judging.decisions import decisions_by_submission
from keytrail.review.judging.settlement import is_open, latest_decisions


@dataclass(frozen=True)
class SubmissionRow:
    """A submission, its report (empty before the analysis), the current decision, and the self-report.

    The decision is None while others are still to judge (second looks are shown). `model_use` is None until the
    submission is settled: workers are promised that reviewers do not know it.
    """

    study: str
    submission: Submission
    report: Mapping[str, Any]
    decision: str | None
    reason: str | None
    decided_at: datetime | None
    model_use: ModelUse | None
    statement: WorkerStatement | None
    objection: Objection | None
    text_score: TextScore | None
    exercise: CopyingExercise | None


def _rows(db: Session, selection: Selection) -> Iterator[SubmissionRow]:
    for portion in portions(db, selection):
        final_decisions = {one.id: one.decision for one in portion if not is_open(one.decision, one.settled)}
        latest = _latest_decisions(db, [number for number, decision in final_decisions.items() if decision])
        self_reports = _self_reports(db, [submission.id for submission in portion if submission.settled])
        numbers = [submission.id for submission in portion]
        scores = _text_scores(db, numbers)
        statements = _by_submission(db, WorkerStatement, numbers)
        objections = _by_submission(db, Objection, numbers)
        exercises = _exercises(db, [submission.session_id for submission in portion])
        for submission in portion:
            decision = latest.get(submission.id)
            yield SubmissionRow(
                selection.study,
                submission,
                submission.report.body if submission.report else {},
                final_decisions.get(submission.id),
                decision.reason if decision else None,
                decision.decided_at if decision else None,
                self_reports.get(submission.id),
                statements.get(submission.id),
                objections.get(submission.id),
                scores.get(submission.id),
                exercises.get(submission.session_id),
            )


def _latest_decisions(db: Session, numbers: list[int]) -> Mapping[int, Decision]:
    """Select each submission's current decision: the newest of the reviewers' latest ones."""
    decided = decisions_by_submission(db, Submission.id.in_(numbers))
    return {number: latest[0] for number, decisions in decided.items() if (latest := latest_decisions(decisions))}


def _self_reports(db: Session, numbers: list[int]) -> Mapping[int, ModelUse]:
    query = select(SelfReport.submission_id, SelfReport.model_use).where(SelfReport.submission_id.in_(numbers))
    return {number: ModelUse(use) for number, use in db.execute(query)}


_RowStatement = TypeVar("_RowStatement", WorkerStatement, Objection)


def _by_submission(db: Session, table: type[_RowStatement], numbers: list[int]) -> Mapping[int, _RowStatement]:
    return {one.submission_id: one for one in db.scalars(select(table).where(table.submission_id.in_(numbers)))}


def _text_scores(db: Session, numbers: list[int]) -> Mapping[int, TextScore]:
    query = select(TextScore).where(TextScore.submission_id.in_(numbers))
    return {score.submission_id: score for score in db.scalars(query)}


def _exercises(db: Session, sessions: list[int]) -> Mapping[int, CopyingExercise]:
    query = select(CopyingExercise).where(CopyingExercise.session_id.in_(sessions))
    return {exercise.session_id: exercise for exercise in db.scalars(query)}


def _in_exercise(row: SubmissionRow, name: str) -> float | None:
    return row.exercise.measures.get(name) if row.exercise else None


def _log_tells(row: SubmissionRow) -> bool:
    """Return whether the log is usable; without one all text is of unknown origin, which says nothing about the
    writer.
    """
    return arrived_share(row.submission.report) is not None


def _words(row: SubmissionRow, name: str) -> str | None:
    return getattr(row.objection, name) or None if row.objection else None


def _units(origin: Origin) -> Column[SubmissionRow]:
    return Column(
        f"units_{origin}",
        ColumnKind.WHOLE,
        f"Characters (UTF-16 units) of the text with origin {origin}; origins are explained in docs/findings.md.",
        lambda row: row.report["origins"].get(origin, 0) if row.report else None,
    )


_COLUMNS: tuple[Column[SubmissionRow], ...] = (
    Column(
        "submission", ColumnKind.TEXT, "Id of the submission; the key of all tables.", lambda r: r.submission.public_id
    ),
    Column("study", ColumnKind.TEXT, "Name of the study in addresses.", lambda r: r.study),
    Column("item", ColumnKind.TEXT, "Id of the item.", lambda r: r.submission.session.item.key),
    Column(
        "worker",
        ColumnKind.TEXT,
        "Pseudonym of the worker: the same for one person within the study, and in no other.",
        lambda r: r.submission.session.worker.pseudonym,
    ),
    Column(
        "worker_confirmed",
        ColumnKind.FLAG,
        "Whether the platform, a signed link or an import confirms that the work is this worker's. False where "
        "nothing can confirm it (docs/platforms.md).",
        lambda r: r.submission.session.confirmed_at is not None,
    ),
    Column(
        "condition",
        ColumnKind.TEXT,
        "Condition that was assigned, if the study has any.",
        lambda r: r.submission.session.condition,
    ),
    Column(
        "page_rules",
        ColumnKind.JSON,
        "Rules of the study on the task page when the session began: refuse_paste, refuse_copy. Measures of the "
        "condition are not among them.",
        lambda r: r.submission.session.page_rules,
    ),
    Column("submitted_at", ColumnKind.MOMENT, "When the text was submitted.", lambda r: r.submission.submitted_at),
    Column("words", ColumnKind.WHOLE, "Words of the text.", lambda r: r.submission.words),
    Column("text", ColumnKind.TEXT, "The submitted text.", lambda r: r.submission.text),
    Column("comment", ColumnKind.TEXT, "The worker's comment.", lambda r: r.submission.comment),
    Column("label", ColumnKind.TEXT, "Label that came with an imported log.", lambda r: r.submission.label),
    Column("log_complete", ColumnKind.FLAG, "Whether the whole log arrived.", lambda r: r.submission.log_complete),
    Column(
        "verdict",
        ColumnKind.TEXT,
        "clear, review, strong or unverifiable; missing before the analysis.",
        lambda r: r.submission.verdict,
    ),
    Column(
        "score",
        ColumnKind.NUMBER,
        "Order of the review queue, 0 to 1. Not a probability.",
        lambda r: r.report.get("score"),
    ),
    Column(
        "accounted_share",
        ColumnKind.NUMBER,
        "Share of the text that keystrokes account for (typed, composed, corrected, and those moved), 0 to 1. Missing "
        "where the log cannot tell, as are the next two.",
        lambda r: r.report["accounted_share"] if _log_tells(r) else None,
    ),
    Column(
        "arrived_share",
        ColumnKind.NUMBER,
        "Share of the text that arrived without typing or is of unknown origin (units_unknown), 0 to 1. Passages of "
        "the item are excluded.",
        lambda r: arrived_share(r.submission.report),
    ),
    Column(
        "source_share",
        ColumnKind.NUMBER,
        "Share of the text that was copied from the item or the instructions, 0 to 1.",
        lambda r: r.report["source_share"] if _log_tells(r) else None,
    ),
    *map(_units, Origin),
    Column(
        "duration_ms",
        ColumnKind.WHOLE,
        "Milliseconds from the first event of the log to the last.",
        lambda r: r.submission.report.duration_ms if r.submission.report else None,
    ),
    Column(
        "findings",
        ColumnKind.TEXT,
        "Ids of the rules that fired, separated by spaces; the table findings has them one by one.",
        lambda r: " ".join(finding["id"] for finding in r.report["findings"]) if r.report else None,
    ),
    Column(
        "analysis_version",
        ColumnKind.TEXT,
        "Version of the analysis that made the report.",
        lambda r: r.report.get("analysis_version"),
    ),
    Column(
        "decision",
        ColumnKind.TEXT,
        "The current decision: accept, exclude, second_look or propose_rejection. Missing, with its reason and "
        "time, until all required reviewers have judged; a second_look is shown at once.",
        lambda r: r.decision,
    ),
    Column("decision_reason", ColumnKind.TEXT, "Id of its reason.", lambda r: r.reason or None),
    Column("decided_at", ColumnKind.MOMENT, "When it was made.", lambda r: r.decided_at),
    Column(
        "model_use",
        ColumnKind.TEXT,
        "The worker's self-report on the use of a language model, if the study asks: no, partly, mostly, unanswered. "
        "Missing until all required reviewers have judged: workers are promised that reviewers do not see it before.",
        lambda r: r.model_use,
    ),
    Column(
        "says_text_from",
        ColumnKind.TEXT,
        "Where pasted text is from, as the worker says where the study asks, separated by spaces: notes, editor, "
        "translation, reference, language_model, other.",
        lambda r: " ".join(r.statement.text_origins) or None if r.statement else None,
    ),
    Column(
        "says_input_aids",
        ColumnKind.FLAG,
        "Whether the worker says that assistive technology or dictation was used; false if nothing was said.",
        lambda r: r.statement is not None and r.statement.input_aids,
    ),
    Column(
        "exercise_keys",
        ColumnKind.WHOLE,
        "Keys in the worker's copying exercise before the task; 0 if it was skipped, missing if the study has none.",
        lambda r: r.exercise.measures.get("keys", 0) if r.exercise else None,
    ),
    Column(
        "exercise_interval_log_sd",
        ColumnKind.NUMBER,
        "Standard deviation of the logarithms of the intervals between its keys (10 to 1,000 ms).",
        lambda r: _in_exercise(r, "interval_log_sd"),
    ),
    Column(
        "exercise_hold_median_ms",
        ColumnKind.NUMBER,
        "Median time for which its keys were held, in ms.",
        lambda r: _in_exercise(r, "hold_median_ms"),
    ),
    Column(
        "exercise_copying_likeness",
        ColumnKind.NUMBER,
        "Likeness to copying out of the exercise itself, 0 to 1 (docs/copying-model.md): how this worker copies.",
        lambda r: _in_exercise(r, "copying_likeness"),
    ),
    Column("objection", ColumnKind.TEXT, "What the worker said against the decision.", lambda r: _words(r, "words")),
    Column("objection_answer", ColumnKind.TEXT, "What a reviewer answered.", lambda r: _words(r, "answer")),
    Column(
        "text_outcome",
        ColumnKind.TEXT,
        "Outcome of the study's text classifier (docs/text.md). Missing without a classifier.",
        lambda r: r.text_score.outcome if r.text_score else None,
    ),
    Column(
        "text_probability",
        ColumnKind.NUMBER,
        "Probability that the text is synthetic at an even prior, 0 to 1. Missing where it could not be assessed.",
        lambda r: r.text_score.probability if r.text_score else None,
    ),
    Column(
        "reads_synthetic",
        ColumnKind.FLAG,
        "The classifier's result at the threshold that prevalence estimates use.",
        lambda r: r.text_score.reads_synthetic if r.text_score else None,
    ),
    Column(
        "text_model",
        ColumnKind.TEXT,
        "Version of the classifier.",
        lambda r: r.text_score.model_version if r.text_score else None,
    ),
    Column(
        "reviewers", ColumnKind.WHOLE, "Number of reviewers with a current decision.", lambda r: r.submission.reviewers
    ),
)

SUBMISSIONS: Table[SubmissionRow] = Table(
    "submissions", "One row per submission: the text, its origins in figures, verdict and decision.", _COLUMNS, _rows
)

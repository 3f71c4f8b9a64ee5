"""The tables of reports, findings and spans."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from keytrail.exports.columns import Column, ColumnKind, Table
from keytrail.exports.reading import submissions
from keytrail.exports.selection import Selection


@dataclass(frozen=True)
class ReportPart:
    """A part of one submission's report: the whole, a finding, or a span."""

    submission: str
    analysed_at: datetime
    part: Mapping[str, Any]


def _reports(db: Session, selection: Selection) -> Iterator[ReportPart]:
    for submission in submissions(db, selection):
        if submission.report is not None:
            yield ReportPart(submission.public_id, submission.report.analysed_at, submission.report.body)


def _findings(db: Session, selection: Selection) -> Iterator[ReportPart]:
    for report in _reports(db, selection):
        for finding in report.part["findings"]:
            yield ReportPart(report.submission, report.analysed_at, finding)


def _spans(db: Session, selection: Selection) -> Iterator[ReportPart]:
    for report in _reports(db, selection):
        for span in report.part["spans"]:
            yield ReportPart(report.submission, report.analysed_at, span)


def _of(name: str, kind: ColumnKind, meaning: str, key: str = "") -> Column[ReportPart]:
    return Column(name, kind, meaning, lambda row: row.part.get(key or name))


def _evidence(name: str, meaning: str) -> Column[ReportPart]:
    return Column(name, ColumnKind.JSON, meaning, lambda row: row.part["evidence"].get(name))


_SUBMISSION: Column[ReportPart] = Column(
    "submission", ColumnKind.TEXT, "Id of the submission.", lambda row: row.submission
)

REPORTS: Table[ReportPart] = Table(
    "reports",
    "One row per report: the complete result, in more detail than in the table submissions.",
    (
        _SUBMISSION,
        _of("analysis_version", ColumnKind.TEXT, "Version of the analysis."),
        Column("analysed_at", ColumnKind.MOMENT, "When it was analysed.", lambda row: row.analysed_at),
        _of("verdict", ColumnKind.TEXT, "clear, review, strong or unverifiable."),
        _of("score", ColumnKind.NUMBER, "Order of the review queue, 0 to 1."),
        _of("length", ColumnKind.WHOLE, "Length of the text in UTF-16 units."),
        _of("integrity", ColumnKind.JSON, "Reliability of the log: gaps, checkpoints, clocks, replay."),
        _of(
            "evidence", ColumnKind.JSON, "SHA-256 of the text and the ends of the log's chains, for `keytrail verify`."
        ),
        _of("measures", ColumnKind.JSON, "Figures of the session: keys, pastes, copies, absences and more."),
    ),
    _reports,
)
FINDINGS: Table[ReportPart] = Table(
    "findings",
    "One row per rule that fired.",
    (
        _SUBMISSION,
        _of("finding", ColumnKind.TEXT, "Id of the rule; docs/findings.md explains each.", "id"),
        _of("family", ColumnKind.TEXT, "provenance, mechanics, linearity, text, task, integrity or context."),
        _of("severity", ColumnKind.TEXT, "high, review or info."),
        _of("explanation", ColumnKind.TEXT, "The finding in a sentence."),
        _evidence("spans", "Stretches of the text, as [start, end] in UTF-16 units."),
        _evidence("times_ms", "Times of the session in ms since its start."),
        _evidence("figures", "The numbers behind the sentence."),
        _evidence("rewrites", "Rewritten passages: start and end in UTF-16 units, the old and the new text, when."),
        _of("false_alarm", ColumnKind.TEXT, "How often the rule fires on honest writers, as far as known."),
    ),
    _findings,
)
SPANS: Table[ReportPart] = Table(
    "spans",
    "One row per stretch of text with one origin; the stretches of a submission cover its text.",
    (
        _SUBMISSION,
        _of("start", ColumnKind.WHOLE, "First character, in UTF-16 units from 0."),
        _of("end", ColumnKind.WHOLE, "One after the last character."),
        _of(
            "origin",
            ColumnKind.TEXT,
            "Origin: typed, ime, assist, rewritten, moved, source, external, nokey, script, silent …",
        ),
        _of("inherited", ColumnKind.TEXT, "For moved text, the origin that it had before."),
        _of("at_ms", ColumnKind.WHOLE, "When the first of it came, in ms since the start of the session."),
        _of("cause", ColumnKind.TEXT, "The browser's input type."),
        _of("epoch", ColumnKind.WHOLE, "Page load, from 0."),
    ),
    _spans,
)

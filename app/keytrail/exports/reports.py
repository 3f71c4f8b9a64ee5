"""Reports, findings and spans: what the analysis says, in three tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from keytrail.exports.columns import Column, Kind, Table
from keytrail.exports.reading import submissions
from keytrail.exports.selection import Selection


@dataclass(frozen=True)
class Part:
    """A part of one submission's report: the whole, a finding, or a span."""

    submission: str
    analysed_at: datetime
    part: Mapping[str, Any]


def _reports(db: Session, selection: Selection) -> Iterator[Part]:
    for submission in submissions(db, selection):
        if submission.report is not None:
            yield Part(submission.public_id, submission.report.analysed_at, submission.report.body)


def _findings(db: Session, selection: Selection) -> Iterator[Part]:
    for report in _reports(db, selection):
        for finding in report.part["findings"]:
            yield Part(report.submission, report.analysed_at, finding)


def _spans(db: Session, selection: Selection) -> Iterator[Part]:
    for report in _reports(db, selection):
        for span in report.part["spans"]:
            yield Part(report.submission, report.analysed_at, span)


def _of(name: str, kind: Kind, meaning: str, key: str = "") -> Column[Part]:
    return Column(name, kind, meaning, lambda row: row.part.get(key or name))


def _evidence(name: str, meaning: str) -> Column[Part]:
    return Column(name, Kind.JSON, meaning, lambda row: row.part["evidence"].get(name))


_SUBMISSION: Column[Part] = Column("submission", Kind.TEXT, "Id of the submission.", lambda row: row.submission)

REPORTS: Table[Part] = Table(
    "reports",
    "One row a report: the whole of what the analysis says, for whoever wants more than the table submissions has.",
    (
        _SUBMISSION,
        _of("analysis_version", Kind.TEXT, "Version of the analysis."),
        Column("analysed_at", Kind.MOMENT, "When it was analysed.", lambda row: row.analysed_at),
        _of("verdict", Kind.TEXT, "clear, review, strong or unverifiable."),
        _of("score", Kind.NUMBER, "Order of the review queue, 0 to 1."),
        _of("length", Kind.WHOLE, "Length of the text in UTF-16 units."),
        _of("integrity", Kind.JSON, "Whether the log can be relied on: gaps, checkpoints, clocks, replay."),
        _of("evidence", Kind.JSON, "SHA-256 of the text and the ends of the log's chains, for `keytrail verify`."),
        _of("measures", Kind.JSON, "Figures of the session: keys, pastes, copies, absences and more."),
    ),
    _reports,
)
FINDINGS: Table[Part] = Table(
    "findings",
    "One row a rule that fired.",
    (
        _SUBMISSION,
        _of("finding", Kind.TEXT, "Id of the rule; docs/findings.md explains each.", "id"),
        _of("family", Kind.TEXT, "provenance, mechanics, linearity, text, task, integrity or context."),
        _of("severity", Kind.TEXT, "high, review or info."),
        _of("explanation", Kind.TEXT, "The finding in a sentence."),
        _evidence("spans", "Stretches of the text, as [start, end] in UTF-16 units."),
        _evidence("times_ms", "Moments of the session in ms since its start."),
        _evidence("figures", "The numbers behind the sentence."),
        _evidence("rewrites", "Rewritten passages: start and end in UTF-16 units, the old and the new text, when."),
        _of("false_alarm", Kind.TEXT, "What is known of how often the rule fires on honest writers."),
    ),
    _findings,
)
SPANS: Table[Part] = Table(
    "spans",
    "One row a stretch of text with one origin; the stretches of a submission cover its text.",
    (
        _SUBMISSION,
        _of("start", Kind.WHOLE, "First character, in UTF-16 units from 0."),
        _of("end", Kind.WHOLE, "One after the last character."),
        _of(
            "origin",
            Kind.TEXT,
            "How it came: typed, ime, assist, rewritten, moved, source, external, nokey, script, silent …",
        ),
        _of("inherited", Kind.TEXT, "For moved text, the origin that it had before."),
        _of("at_ms", Kind.WHOLE, "When the first of it came, in ms since the start of the session."),
        _of("cause", Kind.TEXT, "The browser's input type."),
        _of("epoch", Kind.WHOLE, "Page load, from 0."),
    ),
    _spans,
)

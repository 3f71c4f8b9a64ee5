"""The bridge between stored submissions and the provenance core."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from keytrail.markdown import to_text
from keytrail.models import (
    AcrossFinding,
    ReportFigures,
    ReportFinding,
    StoredReport,
    Submission,
    TextScore,
    WritingSession,
)
from keytrail.provenance import (
    ANALYSIS_VERSION,
    Finding,
    Limits,
    Report,
    WritingLog,
    analyse,
    analyse_keylog,
    fingerprint,
)
from keytrail.provenance.rules.verdict import total_score, verdict_of
from keytrail.review.analysis.copies import copied_log, keep_marks
from keytrail.review.analysis.evidence import evidence_of
from keytrail.review.analysis.failures import forget_failure
from keytrail.review.analysis.keylogs import is_key_log, key_log
from keytrail.review.analysis.logs import epoch_logs
from keytrail.review.judging.settlement import record_report
from keytrail.studies.conditions import Measure, measures_on_page
from keytrail.text.loglabels import external_share


def findings_joined(db: Session, submission: Submission) -> Sequence[Finding]:
    """Return the findings of the classifier and of the comparison with other submissions.

    Of these only a copied log is ever more than "review" by itself (keytrail/provenance/rules/verdict.py).
    """
    score = db.get(TextScore, submission.id)
    read = score.body.get("finding") if score is not None else None
    across = select(AcrossFinding.body).where(AcrossFinding.submission_id == submission.id)
    found = [*([] if read is None else [read]), *db.scalars(across.order_by(AcrossFinding.rule))]
    copied = copied_log(db, submission)
    return [*([] if copied is None else [copied]), *(Finding.from_json(plain) for plain in found)]


def with_findings(report: Report, findings: tuple[Finding, ...]) -> Report:
    """Return the report with other findings, and the verdict and score that follow from them."""
    return replace(report, findings=findings, verdict=verdict_of(findings), score=total_score(findings))


# A clock may report anything; this is longer than any session and fits into the column.
_LONGEST_MS = 2**53
# In a stored report: the rules of the findings that did not come from the log.
JOINED = "joined"


def analyse_submission(db: Session, submission: Submission, now: datetime) -> Report:
    """Analyse one submission and replace its stored report.

    The submission's session with its item and its study must be loaded.
    """
    return store_report(db, submission, examine(db, submission), now)


@dataclass(frozen=True)
class Examined:
    """The result of analysing a log, not stored yet."""

    report: Report
    duration_ms: int | None
    marks: Sequence[int] | None
    """The fingerprint of the log; None where the log was rounded or masked, so that an earlier one is kept."""
    evidence: dict[str, Any]


def examine(db: Session, submission: Submission) -> Examined:
    """Analyse a submission without writing anything; this is the slow half."""
    return Examined(*_analysed(db, submission), evidence_of(db, submission))


def store_report(db: Session, submission: Submission, examined: Examined, now: datetime) -> Report:
    """Store the report in place of an earlier one, with the text findings that exist by now."""
    if examined.marks is not None:
        keep_marks(db, submission.id, examined.marks)
    joined = findings_joined(db, submission)
    report = with_findings(examined.report, (*examined.report.findings, *joined))
    for part in (ReportFinding, ReportFigures):
        db.execute(delete(part).where(part.submission_id == submission.id))
    db.execute(delete(StoredReport).where(StoredReport.submission_id == submission.id))
    stored = StoredReport(
        submission_id=submission.id,
        study_id=submission.study_id,
        analysis_version=report.analysis_version,
        analysed_at=now,
        verdict=report.verdict,
        score=report.score,
        arrived_share=report.arrived_share,
        duration_ms=examined.duration_ms,
        body=report.as_json() | {"evidence": examined.evidence, JOINED: [finding.rule for finding in joined]},
        findings=[
            ReportFinding(rule=f.rule, study_id=submission.study_id, severity=f.severity) for f in report.findings
        ],
        figures=figures_of(report, submission.study_id),
    )
    db.add(stored)
    record_report(submission, stored)
    forget_failure(db, submission.id)
    db.flush()
    return report


def figures_of(report: Report, study_id: int) -> ReportFigures:
    """Return what study-level estimates need of a report; a measure that it lacks is 0."""
    measured = {name: int(report.measures.get(name) or 0) for name in ("pastes_prevented", "copies_prevented")}
    return ReportFigures(
        study_id=study_id,
        external_share=external_share(report),
        source_share=report.source_share,
        accounted_share=report.accounted_share,
        pastes=report.measures.get("pastes"),
        duration_ms=min(int(report.measures.get("duration_ms") or 0), _LONGEST_MS),
        **measured,
    )


def _analysed(db: Session, submission: Submission) -> tuple[Report, int | None, Sequence[int] | None]:
    """Return the report, the time from the session's first event to its last, and the log's fingerprint.

    The last two are None where the log has no times.
    """
    session = submission.session
    stored = db.get(StoredReport, submission.id) if session.coarsened_at or session.masked_at else None
    if stored is not None:
        return _stored_report(stored), stored.duration_ms, None
    limits = limits_of(submission)
    if is_key_log(db, submission):
        keys = key_log(db, submission)
        times = [item.at_ms for item in keys.items if item.at_ms is not None]
        return analyse_keylog(keys, limits), min(max(times) - min(times), _LONGEST_MS) if times else None, None
    log = writing_log(db, submission)
    events = [event for epoch in log.epochs for event in epoch.events]
    duration_ms = min(sum(max(event.dt, 0) for event in events), _LONGEST_MS) if events else None
    return analyse(log, limits), duration_ms, fingerprint(log)


def _stored_report(stored: StoredReport) -> Report:
    """Return the report made before the log was rounded or masked, with only the findings from the log."""
    report, joined = Report.from_json(stored.body), stored.body[JOINED]
    return with_findings(report, tuple(finding for finding in report.findings if finding.rule not in joined))


def writing_log(db: Session, submission: Submission) -> WritingLog:
    """Return all that the core needs of a submission. The epoch that submitted comes last."""
    session = submission.session
    logs = epoch_logs(db, session.id)
    logs.sort(key=lambda log: log.number == submission.epoch_number)
    return WritingLog(
        epochs=logs,
        final_text=submission.text,
        item_text=session.item.text,
        instructions=to_text(submission.study.instructions),
        complete=submission.log_complete,
        copies_prevented=Measure.REFUSE_COPY in measures_on_page(submission.study, session),
    )


def limits_of(submission: Submission) -> Limits:
    """Return the core's thresholds with the changes of the study's rules."""
    known = Limits.__dataclass_fields__
    return Limits(**{name: value for name, value in submission.study.rules.items() if name in known})


def load_for_analysis(db: Session, submission_id: int) -> Submission | None:
    """Load a submission with everything that its analysis reads."""
    return db.scalar(
        select(Submission)
        .where(Submission.id == submission_id)
        .options(joinedload(Submission.session).joinedload(WritingSession.item), joinedload(Submission.study))
    )


def waiting_for_analysis(db: Session, *, every: bool = False, since: datetime | None = None) -> list[int]:
    """Return ids of submissions without a report of this analysis version, oldest first.

    With `every`, of all; with `since`, of those that were not analysed since that time.
    """
    query = select(Submission.id).order_by(Submission.id)
    if since is not None:
        query = query.outerjoin(StoredReport).where(
            StoredReport.submission_id.is_(None) | (StoredReport.analysed_at < since)
        )
    elif not every:
        query = query.outerjoin(StoredReport).where(
            StoredReport.submission_id.is_(None) | (StoredReport.analysis_version != ANALYSIS_VERSION)
        )
    return list(db.scalars(query))

"""What is found in texts, and between workers, joins the report of the log under the caps of the verdict."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AcrossFinding, Submission, TextScore
from app.provenance import Finding, Report
from app.provenance.verdict import total_score, verdict_of


def with_text(db: Session, submission: Submission, report: Report) -> Report:
    """The report with what the classifier and the comparison with other submissions found.

    None of these alone is ever more than "review" (app/provenance/verdict.py).
    """
    score = db.get(TextScore, submission.id)
    read = score.body.get("finding") if score is not None else None
    across = select(AcrossFinding.body).where(AcrossFinding.submission_id == submission.id)
    found = [*([] if read is None else [read]), *db.scalars(across.order_by(AcrossFinding.rule))]
    if not found:
        return report
    findings = (*report.findings, *map(Finding.from_json, found))
    return replace(report, findings=findings, verdict=verdict_of(findings), score=total_score(findings))

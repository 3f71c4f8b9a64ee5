"""The text classifier's finding joins the report of the log, under the caps of the verdict."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.models import Submission, TextScore
from app.provenance import Finding, Report
from app.provenance.verdict import total_score, verdict_of


def with_text(db: Session, submission: Submission, report: Report) -> Report:
    """The report with what the classifier said of the text, if it was scored and reads synthetic.

    A text finding alone is never more than "review" (app/provenance/verdict.py caps its family).
    """
    score = db.get(TextScore, submission.id)
    found = score.body.get("finding") if score is not None else None
    if found is None:
        return report
    findings = (*report.findings, Finding.from_json(found))
    return replace(report, findings=findings, verdict=verdict_of(findings), score=total_score(findings))

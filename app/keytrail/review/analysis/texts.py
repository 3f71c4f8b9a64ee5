"""What is found in texts, and between workers, joins the report of the log under the caps of the verdict."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import AcrossFinding, Submission, TextScore
from keytrail.provenance import Finding, Report
from keytrail.provenance.rules.verdict import total_score, verdict_of
from keytrail.review.analysis.copies import copied_log


def findings_joined(db: Session, submission: Submission) -> Sequence[Finding]:
    """What the classifier and the comparison with other submissions found.

    Of these only a log that was sent again is ever more than "review" by itself (keytrail/provenance/rules/verdict.py).
    """
    score = db.get(TextScore, submission.id)
    read = score.body.get("finding") if score is not None else None
    across = select(AcrossFinding.body).where(AcrossFinding.submission_id == submission.id)
    found = [*([] if read is None else [read]), *db.scalars(across.order_by(AcrossFinding.rule))]
    copied = copied_log(db, submission)
    return [*([] if copied is None else [copied]), *(Finding.from_json(plain) for plain in found)]


def with_findings(report: Report, findings: tuple[Finding, ...]) -> Report:
    """The report with other findings, and the verdict and score that follow from them."""
    return replace(report, findings=findings, verdict=verdict_of(findings), score=total_score(findings))

"""How one submission's text reads, beside its log: the evidence and one posterior."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from keytrail.models import Submission, TextScore
from keytrail.provenance import Report
from keytrail.text.classifier.assessment import Outcome
from keytrail.text.fusion import LogEvidence, Posterior, posterior, posterior_table
from keytrail.text.loglabels import log_evidence
from keytrail.text.words.copying import CopiedShare, copied_share
from keytrail.text.words.marks import TextMark, chat_boilerplate, unusual_characters


@dataclass(frozen=True)
class TextReading:
    """`assessment` is the classifier's, empty before scoring; `together` is the posterior of log and text."""

    assessment: Mapping[str, Any]
    trained_on: bool
    """This text's own log labelled it for training: the text is then not independent evidence."""
    together: Posterior
    table: Sequence[Posterior]
    copied: CopiedShare
    boilerplate: Sequence[TextMark]
    unusual: Sequence[TextMark]


def reading_of(db: Session, submission: Submission) -> TextReading:
    """Return the evidence on a submission whose session, item and report are loaded."""
    score = db.get(TextScore, submission.id)
    log = LogEvidence.UNCLEAR
    if submission.report is not None:
        log = log_evidence(Report.from_json(submission.report.body))
    usable = score is not None and not score.trained_on
    outcome = Outcome(score.outcome) if score is not None and usable else Outcome.NOT_ASSESSABLE
    return TextReading(
        assessment={} if score is None else score.body["assessment"],
        trained_on=score is not None and score.trained_on,
        together=posterior(log, outcome),
        table=posterior_table(),
        copied=copied_share(submission.text, submission.session.item.text),
        boilerplate=chat_boilerplate(submission.text),
        unusual=unusual_characters(submission.text),
    )

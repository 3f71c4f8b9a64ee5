"""How a submission's text reads, beside what its log shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.orm import Session

from keytrail.models import Role, Submission
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser
from keytrail.requester.synthetic.unjudged import CAUSES
from keytrail.review.queue.submissions import submission_and_role
from keytrail.synthetic.prevalence.unjudged import UnjudgedCause
from keytrail.synthetic.reading import TextReading, reading_of
from keytrail.synthetic.training.classifier import counting_test
from keytrail.text.classifier.assessment import Outcome
from keytrail.text.fusion import LogEvidence
from keytrail.web.formatting import percent
from keytrail.web.pages import CurrentPages
from keytrail.web.services import ReadSession

router = APIRouter(prefix="/submissions", include_in_schema=False)

LOG: Mapping[LogEvidence, str] = {
    LogEvidence.EXTERNAL: "at least half came from elsewhere or without typing",
    LogEvidence.NOT_EXTERNAL: "typed, or from the item",
    LogEvidence.UNCLEAR: "cannot be told from the log",
}
TEXT: Mapping[Outcome, str] = {
    Outcome.LLM_LIKE: "reads like a language model's",
    Outcome.HUMAN_LIKE: "reads like a person's",
    Outcome.UNSURE: "unsure",
    Outcome.NOT_ASSESSABLE: "not judged",
}


@dataclass(frozen=True)
class ReadingPage:
    """`rows` are the posterior of each kind of log (the row) and of text (the columns of `columns`); `here` is ours."""

    template: ClassVar[str] = "requester/synthetic/reading.html"

    frame: Frame
    public_id: str
    found: TextReading
    log: str
    text: str
    together: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[tuple[str, bool]]]]
    copied: str
    own_words: str
    words: int
    unjudged: str
    """Why there is no judgement; empty if there is one."""
    cause: str
    slug: str
    may_score: bool


@router.get("/{public_id}/text")
def show_reading(public_id: str, user: CurrentUser, db: ReadSession, render: CurrentPages) -> Response:
    """Security: answers 404 to users without a role in the submission's study."""
    submission, role = submission_and_role(db, public_id, user)
    found = reading_of(db, submission)
    trail = (Link(f"Submission {public_id}", f"/submissions/{public_id}"), Link("Text", "", current=True))
    cause = None if found.assessment else _cause(db, submission)
    page = ReadingPage(
        frame=study_frame(user, submission.study, role, "", *trail),
        public_id=public_id,
        found=found,
        log=LOG[found.together.log],
        text=TEXT[found.together.text],
        together=percent(found.together.probability),
        columns=list(TEXT.values()),
        rows=[(label, _row(found, log)) for log, label in LOG.items()],
        copied=percent(found.copied.share),
        own_words=_own_share(found),
        words=submission.words,
        unjudged="" if cause is None else CAUSES[cause],
        cause="" if cause is None else cause.value,
        slug=submission.study.slug,
        may_score=role != Role.VIEWER,
    )
    return render.render(page)


def _own_share(found: TextReading) -> str:
    """As a share, because the classifier splits words otherwise than the page counts them."""
    words = found.assessment.get("words", 0)
    return percent(found.assessment["own_words"] / words) if words else ""


def _cause(db: Session, submission: Submission) -> UnjudgedCause:
    """Of a text without a score."""
    if submission.report is None:
        return UnjudgedCause.NOT_ANALYSED
    known = counting_test(db, submission.study) is not None
    return UnjudgedCause.NOT_SCORED if known else UnjudgedCause.NO_CLASSIFIER


def _row(found: TextReading, log: LogEvidence) -> list[tuple[str, bool]]:
    by_text = {one.text: one for one in found.table if one.log is log}
    ours = found.together
    return [(percent(by_text[text].probability), (log, text) == (ours.log, ours.text)) for text in TEXT]

"""What simulated workers say of their texts, and what two of them say against a decision."""

from itertools import cycle
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from keytrail.demo.filling.context import DemoContext
from keytrail.models import DecisionKind, StatedOrigin, Study, Submission, User, WorkerStatement
from keytrail.review.judging.objections import answer_objection, make_objection

_PASTED: Final = "simulated: pasted from elsewhere"
_DICTATED: Final = "simulated: dictated"
_SAID: Final[tuple[tuple[StatedOrigin, ...], ...]] = (
    (StatedOrigin.NOTES,),
    (),
    (StatedOrigin.LANGUAGE_MODEL,),
    (StatedOrigin.EDITOR, StatedOrigin.REFERENCE),
    (),
    (StatedOrigin.TRANSLATION,),
)
"""As in reality, some say where a text is from, some do not, and some of what is said is not so. The mix is ours."""
_COPY_DAYS: Final = 90
_OBJECTIONS: Final = (
    (
        "I wrote this on paper first, then in my own word processor, and then I pasted it. Every sentence is mine.",
        (StatedOrigin.NOTES, StatedOrigin.EDITOR),
    ),
    (
        "I did paste this, but it is a translation of what I wrote in Portuguese. I did not know that it matters.",
        (StatedOrigin.TRANSLATION,),
    ),
)
"""Each with what the same worker said when submitting, so that the two do not contradict each other."""
_ANSWER: Final = (
    "Thank you for telling us. Our instructions ask for writing on the page, so we do not use the text in the study. "
    "You are paid in full, and this does not count against you."
)


def let_workers_explain(db: Session, study: Study) -> None:
    """Let the study ask where text is from, and offer copies that show the decision; some workers answer."""
    study.asks_text_origin = study.asks_input_aids = study.copy_shows_decision = True
    study.copy_days = _COPY_DAYS
    origins, aids = cycle(_SAID), cycle((True, False, True))
    for submission in db.scalars(select(Submission).where(Submission.study_id == study.id).order_by(Submission.id)):
        label = submission.label or ""
        origin_names = next(origins) if label.startswith(_PASTED) else ()
        aided = label == _DICTATED and next(aids)
        if origin_names or aided:
            db.add(WorkerStatement(submission_id=submission.id, text_origins=list(origin_names), input_aids=aided))


def object_to_exclusions(context: DemoContext, study_id: int, answered_by: User) -> None:
    """Let two workers whose texts are not used object: one was answered, the other waits for the demo's visitor."""
    with context.database.writing() as db:
        study = db.get_one(Study, study_id)
        query = (
            select(Submission)
            .where(Submission.study_id == study_id, Submission.settled, Submission.label == _PASTED)
            .where(Submission.decision == DecisionKind.EXCLUDE)
            .order_by(Submission.id)
            .limit(len(_OBJECTIONS))
            .options(joinedload(Submission.study))
        )
        for number, (submission, (words, origins)) in enumerate(
            zip(db.scalars(query).all(), _OBJECTIONS, strict=False)
        ):
            db.merge(WorkerStatement(submission_id=submission.id, text_origins=list(origins), input_aids=False))
            make_objection(db, study, submission, words, context.now)
            if number == 0:
                answer_objection(db, submission, answered_by, _ANSWER, context.now)

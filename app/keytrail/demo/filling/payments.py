"""The demo's payments and other platform actions: tasks published, work paid, workers excluded."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from keytrail.demo.filling.context import DemoContext
from keytrail.models import (
    ActionKind,
    ActionState,
    AssignmentIdentity,
    DecisionKind,
    PlatformAction,
    Study,
    Submission,
    User,
    Worker,
)
from keytrail.platform_actions.bonuses import Bonus, Letter, queue_bonus, queue_message
from keytrail.platform_actions.exclusions import exclude
from keytrail.platform_actions.publication import Offer, queue_expiry, queue_publication, set_budget
from keytrail.platform_actions.tasks import tasks_of

_THANKS = "Thank you. Your summary said what the study does not show as clearly as what it shows."
_LETTER = Letter(
    "May we quote your summary?",
    "We would like to show two sentences of your summary in a talk, without your worker id. You need not agree, and "
    "nothing depends on it.",
)
_BY_SCRIPT = "A script wrote the answer; asked about it on the day, no reply."
_WITHOUT_KEYS = "An answer of {} words without a key pressed."
_FROM_ELSEWHERE = "Nearly all of the answer came from elsewhere."
_WISHED = "Wrote to us that the tasks are too long, and wants no further invitations."
_A_LOOK = timedelta(seconds=12)
_BONUSES = 4
_BONUS_CENTS = 50


def publish(context: DemoContext, study_id: int, places: int, budget_cents: int) -> None:
    """Publish every item of a study, by the same steps as its Platform page."""
    with context.database.writing() as db:
        study = db.get_one(Study, study_id)
        set_budget(db, study, budget_cents)
        offer = Offer(
            title=f"{study.title} (demo)",
            description="A demonstration on this machine: no money moves. Read a short text and summarise it.",
            assignments=places,
            days=60,
            auto_approve_days=30,
        )
        url = f"{context.settings.public_url}/task/{study.slug}"
        actions = queue_publication(db, study, offer, url, context.owner_id, context.now)
        ids = [action.id for action in actions]
    _send(context, study_id, ids)


def end(context: DemoContext, study_id: int) -> None:
    """Expire a study's tasks."""
    with context.database.writing() as db:
        study = db.get_one(Study, study_id)
        actions = [queue_expiry(db, study, task, context.owner_id, context.now) for task in tasks_of(db, study_id)]
        ids = [action.id for action in actions]
    _send(context, study_id, ids)


def pay(context: DemoContext, study_id: int, most: int | None = None) -> None:
    """Send waiting approvals, the oldest first."""
    waiting = _waiting(context, study_id, ActionKind.APPROVE)
    _send(context, study_id, waiting[:most])


def give_bonuses(context: DemoContext, study_id: int) -> None:
    """Queue some bonuses for accepted work, of which the last is not sent; and message one of the workers."""
    with context.database.writing() as db:
        accepted = _submissions(db, study_id, DecisionKind.ACCEPT)[:_BONUSES]
        for submission in accepted:
            queue_bonus(db, submission, Bonus(_BONUS_CENTS, _THANKS), context.owner_id, context.now)
        letter = queue_message(db, accepted[0], _LETTER, context.owner_id, context.now).id
    _send(context, study_id, [*_waiting(context, study_id, ActionKind.BONUS)[:-1], letter])


def refuse_what_was_approved(context: DemoContext, study_id: int) -> None:
    """Approve work at the marketplace itself, so that our rejection of it is refused there with a reason."""
    [action_id, *_] = _waiting(context, study_id, ActionKind.REJECT)
    with context.database.reading() as db:
        submission_id = db.get_one(PlatformAction, action_id).submission_id
        assignment_id = db.scalars(
            select(AssignmentIdentity.assignment_id)
            .join(Submission, Submission.session_id == AssignmentIdentity.session_id)
            .where(Submission.id == submission_id)
        ).one()
    context.connections.mturk.approve(assignment_id)
    _send(context, study_id, [action_id])


def exclude_worker(context: DemoContext, study_id: int) -> None:
    """Exclude some workers; the marketplace is told of all but the last."""
    with context.database.writing() as db:
        study, owner = db.get_one(Study, study_id), db.get_one(User, context.owner_id)
        refused = _submissions(db, study_id, DecisionKind.PROPOSE_REJECTION)
        chosen = [
            (refused[0], _BY_SCRIPT),
            (refused[1], _WITHOUT_KEYS.format(refused[1].words)),
            (_submissions(db, study_id, DecisionKind.EXCLUDE)[0], _FROM_ELSEWHERE),
            (_submissions(db, study_id, DecisionKind.ACCEPT)[-1], _WISHED),
        ]
        for submission, reason in chosen:
            exclude(db, study, db.get_one(Worker, submission.worker_id), owner, reason, context.now)
    _send(context, study_id, _waiting(context, study_id, ActionKind.EXCLUDE)[:-1])


def _send(context: DemoContext, study_id: int, action_ids: Sequence[int]) -> None:
    """Send actions one by one, with time between them."""
    sender = context.sender
    for action_id in action_ids:
        context.at(context.now + _A_LOOK)
        sender.send(study_id, action_id, context.owner_id)


def _waiting(context: DemoContext, study_id: int, kind: ActionKind) -> Sequence[int]:
    with context.database.reading() as db:
        query = select(PlatformAction.id).where(
            PlatformAction.study_id == study_id,
            PlatformAction.kind == kind,
            PlatformAction.state == ActionState.QUEUED,
        )
        return db.scalars(query.order_by(PlatformAction.id)).all()


def _submissions(db: Session, study_id: int, decision: DecisionKind) -> Sequence[Submission]:
    return db.scalars(
        select(Submission)
        .where(Submission.study_id == study_id, Submission.decision == decision)
        .order_by(Submission.submitted_at, Submission.id)
        .options(joinedload(Submission.study))
    ).all()

"""Trials of a draft: its owner takes part in a copy of it, as a worker would (docs/decisions/0024)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict, NotFound
from keytrail.models import Item, SessionState, Study, StudyState, Submission, Worker, WritingSession
from keytrail.studies.definition import StudyDefinition

_MOST = 20
# What a copy has of its own. Without a marketplace nothing of a trial can be sent to one.
_OF_THE_COPY = {"slug", "reward", "platform", "platform_options", "places_per_item"}


@dataclass(frozen=True)
class TrialLine:
    """A trial of a draft; `state` in words, `public_id` of its submission once there is one."""

    slug: str
    started_at: datetime
    state: str
    public_id: str | None


def start_trial(db: Session, study: Study, now: datetime) -> Study:
    """Copy a draft with its first item for one trial. Raises Conflict unless the study is a draft with an item."""
    if study.state != StudyState.DRAFT:
        raise Conflict("This study is published, so it is no longer tried: take part in it instead.", code="no_draft")
    item = db.scalar(select(Item).where(Item.study_id == study.id).order_by(Item.id).limit(1))
    if item is None:
        raise Conflict("There are no items yet. Add one: it is what a worker reads.", code="no_items")
    number = db.scalar(select(func.count()).where(Study.trial_of_id == study.id)) or 0
    if number >= _MOST:
        raise Conflict(f"There are {_MOST} trials already. Delete one first.", code="too_many_trials")
    same = {name: getattr(study, name) for name in StudyDefinition.model_fields if name not in _OF_THE_COPY}
    trial = Study(
        slug=f"trial-{secrets.token_hex(12)}",
        reward_cents=study.reward_cents,
        platform="direct",
        platform_options={},
        places_per_item=1,
        demo=study.demo,
        state=StudyState.OPEN,
        created_at=now,
        trial_of_id=study.id,
        **same,
    )
    db.add(trial)
    db.flush()
    db.add(Item(study_id=trial.id, key=item.key, title=item.title, text=item.text, fields=item.fields))
    return trial


def trials_of(db: Session, study: Study) -> Sequence[TrialLine]:
    """A study's trials, newest first."""
    rows = db.execute(
        select(Study.slug, Study.created_at, WritingSession.state, Submission.public_id)
        .outerjoin(WritingSession, WritingSession.study_id == Study.id)
        .outerjoin(Submission, Submission.session_id == WritingSession.id)
        .where(Study.trial_of_id == study.id)
        .order_by(Study.id.desc(), WritingSession.id)
    ).all()
    # A trial that was withdrawn from and begun again has several sessions; the last one counts.
    lines = {slug: TrialLine(slug, at, _words(state), public_id) for slug, at, state, public_id in rows}
    return list(lines.values())


def delete_trial(db: Session, study: Study, slug: str) -> None:
    """Delete one trial of a study with all that was recorded. Raises NotFound."""
    trial = db.scalar(select(Study.id).where(Study.trial_of_id == study.id, Study.slug == slug))
    if trial is None:
        raise NotFound("There is no such trial, or it is deleted already.")
    _delete(db, [trial])


def delete_trials(db: Session, study: Study) -> None:
    """Delete all trials of a study."""
    _delete(db, db.scalars(select(Study.id).where(Study.trial_of_id == study.id)).all())


def _delete(db: Session, trials: Sequence[int]) -> None:
    # Sessions refer to items and workers; the database does not order these deletions by itself.
    for table in (WritingSession, Worker):
        db.execute(delete(table).where(table.study_id.in_(trials)))
    db.execute(delete(Study).where(Study.id.in_(trials)))


def _words(state: str | None) -> str:
    words = {SessionState.OPEN: "being written", SessionState.SUBMITTED: "submitted", None: "not begun"}
    return words.get(SessionState(state) if state else None, "withdrawn")

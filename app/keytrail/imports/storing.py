"""Store a finished session that was recorded elsewhere."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.keyring import Keyring
from keytrail.models import (
    Epoch,
    Item,
    SessionState,
    Study,
    Submission,
    Worker,
    WorkerIdentity,
    WritingSession,
)
from keytrail.sessions.eventlog import Batch, Chain, append_to_epoch
from keytrail.studies.conditions import conditions_of
from keytrail.text.length import count_words


@dataclass(frozen=True)
class ImportedSession:
    """One finished session of a foreign log. `epochs` has the events of each page load in the named format.

    `condition` is the one in which it was recorded; it is stored if the study has a condition of this name.
    `page_rules` held on its page for the whole study; None stands for the study's rules of today. `groups` are read by
    `keytrail evaluate` only (first language, device, layout, input method, task).
    """

    session: str
    worker: str
    item_text: str
    text: str
    epochs: Sequence[Sequence[Any]]
    log_format: str
    submitted_at: datetime
    item_id: str | None = None
    label: str | None = None
    condition: str | None = None
    page_rules: Sequence[str] | None = None
    groups: Mapping[str, str] = field(default_factory=dict)


def store_session(
    db: Session, study: Study, imported: ImportedSession, keyring: Keyring, now: datetime
) -> Submission | None:
    """Store item, worker, session, log and submission. Returns None if this session was imported before."""
    pseudonym = keyring.pseudonym(f"assignment/{study.id}/import", imported.session, length=26)
    if db.scalar(
        select(WritingSession.id).where(
            WritingSession.study_id == study.id, WritingSession.assignment_pseudonym == pseudonym
        )
    ):
        return None
    session = WritingSession(
        study_id=study.id,
        item_id=_item(db, study, imported).id,
        worker_id=_worker(db, study, imported, keyring, now).id,
        assignment_pseudonym=pseudonym,
        condition=next((one.name for one in conditions_of(study) if one.name == imported.condition), None),
        page_rules=study.page_rules if imported.page_rules is None else list(imported.page_rules),
        state=SessionState.SUBMITTED,
        consented_at=imported.submitted_at,
        expires_at=imported.submitted_at,
        ended_at=imported.submitted_at,
        confirmed_at=now,  # the importing user vouches for it
    )
    db.add(session)
    db.flush()
    for number in range(len(imported.epochs)):
        _store_epoch(db, session, number, imported, keyring)
    submission = Submission(
        public_id=secrets.token_hex(8),
        study_id=study.id,
        session_id=session.id,
        item_id=session.item_id,
        worker_id=session.worker_id,
        condition=session.condition,
        epoch_number=len(imported.epochs) - 1 if imported.epochs else None,
        text=imported.text,
        words=count_words(imported.text),
        log_complete=True,
        label=imported.label,
        submitted_at=imported.submitted_at,
    )
    db.add(submission)
    db.flush()
    return submission


def _store_epoch(
    db: Session, session: WritingSession, number: int, imported: ImportedSession, keyring: Keyring
) -> None:
    epoch = Epoch(session_id=session.id, number=number, opened_at=imported.submitted_at, format=imported.log_format)
    db.add(epoch)
    db.flush()
    append_to_epoch(db, epoch, Batch.cut(imported.epochs[number]), imported.submitted_at, Chain(keyring))


def _item(db: Session, study: Study, imported: ImportedSession) -> Item:
    """Find or add the item by its id, else by its text: foreign logs often contain only the text."""
    key = imported.item_id or "text-" + hashlib.sha256(imported.item_text.encode("utf-8", "replace")).hexdigest()[:12]
    item = db.scalar(select(Item).where(Item.study_id == study.id, Item.key == key))
    if item is None:
        item = Item(study_id=study.id, key=key, text=imported.item_text)
        db.add(item)
        db.flush()
    return item


def _worker(db: Session, study: Study, imported: ImportedSession, keyring: Keyring, now: datetime) -> Worker:
    pseudonym = keyring.pseudonym(f"worker/{study.id}/import", imported.worker)
    worker = db.scalar(select(Worker).where(Worker.study_id == study.id, Worker.pseudonym == pseudonym))
    if worker is None:
        identity = WorkerIdentity(platform="import", platform_worker_id=imported.worker[:128])
        worker = Worker(study_id=study.id, pseudonym=pseudonym, first_seen_at=now, identity=identity)
        db.add(worker)
        db.flush()
    worker.first_seen_at = min(worker.first_seen_at, imported.submitted_at)
    return worker

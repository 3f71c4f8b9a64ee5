"""Assign a worker's condition at random by the stated probabilities; it never changes."""

import hashlib
import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.keyring import Keyring
from keytrail.models import Study, Worker, WritingSession

_STEPS = 2**64


def condition_for(db: Session, study: Study, worker: Worker, keyring: Keyring) -> str | None:
    """Return the name of the worker's condition; None in a study without conditions.

    The draw is a keyed hash of the worker's pseudonym: nobody without the root secret can predict it, and two sessions
    that one worker opens at the same time get the same. An assigned condition is kept.
    """
    if not study.conditions:
        return None
    names = [str(condition["name"]) for condition in study.conditions]
    before = db.scalar(
        select(WritingSession.condition)
        .where(WritingSession.worker_id == worker.id, WritingSession.condition.in_(names))
        .order_by(WritingSession.id)
        .limit(1)
    )
    return before or names[_drawn([condition["probability"] for condition in study.conditions], study, worker, keyring)]


def _drawn(probabilities: list[float], study: Study, worker: Worker, keyring: Keyring) -> int:
    digest = hmac.digest(keyring.key(f"condition/{study.id}"), worker.pseudonym.encode(), hashlib.sha256)
    point = int.from_bytes(digest[:8], "big") / _STEPS * sum(probabilities)
    for place, probability in enumerate(probabilities):
        point -= probability
        if point < 0:
            return place
    return len(probabilities) - 1

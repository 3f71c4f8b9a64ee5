"""Targets of a study's messages. A study has none until an owner adds one."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import AuditAction, MessageKind, NotificationTarget, Removal, RemovalKind, Study, User
from keytrail.notifications.wording import EVENTS
from keytrail.users.audit_log import record_action
from keytrail.users.removals import record_removal

_MOST_TARGETS: Final = 20
_MOST_URL: Final = 500
_RESTORED: Final = ("url", "user_id", "events", "flagged_percent", "budget_percent", "salt")


@dataclass(frozen=True)
class EventChoice:
    """What a target is told of. The bounds are per cent."""

    events: Sequence[MessageKind]
    flagged_percent: int = 30
    budget_percent: int = 90

    @classmethod
    def read(cls, events: Iterable[str], flagged: str, budget: str) -> "EventChoice":
        """From a form. Raises BadRequest."""
        chosen = [kind for kind in EVENTS if kind in set(events)]
        if not chosen:
            raise BadRequest("Choose at least one event.")
        return cls(chosen, _percent(flagged, "flagged submissions"), _percent(budget, "the budget"))


def add_webhook(
    db: Session, study: Study, url: str, choice: EventChoice, by: User, now: datetime
) -> NotificationTarget:
    """Post the study's messages to an address. Raises BadRequest for one that cannot be used."""
    target = _new(db, study, choice, by, now)
    target.url = checked_url(url)
    _add(db, study, target, urlsplit(target.url).hostname or "", by, now)
    return target


def add_mail(db: Session, study: Study, choice: EventChoice, by: User, now: datetime) -> NotificationTarget:
    """Send the study's messages to the user's own address. Raises Conflict if they are sent there already."""
    query = select(NotificationTarget.id)
    if db.scalar(query.where(NotificationTarget.study_id == study.id, NotificationTarget.user_id == by.id)) is not None:
        raise Conflict("You get mail about this study already. Remove that first to change it.")
    target = _new(db, study, choice, by, now)
    target.user_id = by.id
    _add(db, study, target, by.email, by, now)
    return target


def targets_of(db: Session, study: Study) -> Sequence[NotificationTarget]:
    """Return a study's targets in the order in which they were added."""
    query = select(NotificationTarget).where(NotificationTarget.study_id == study.id)
    return db.scalars(query.order_by(NotificationTarget.id)).all()


def target_of(db: Session, study: Study, number: int) -> NotificationTarget:
    """Return one of a study's targets. Raises NotFound."""
    found = db.get(NotificationTarget, number)
    if found is None or found.study_id != study.id:
        raise NotFound("There is no such notification in this study.")
    return found


def remove_target(db: Session, study: Study, target: NotificationTarget, by: User, now: datetime) -> None:
    """Remove a target, so that it can be restored, with its log of deliveries. Nothing more is sent to it."""
    content = {name: getattr(target, name) for name in _RESTORED}
    record_removal(db, study, RemovalKind.NOTIFICATION, place_of(db, target), content, now)
    db.delete(target)
    record_action(db, AuditAction.REMOVE_NOTIFICATION, now, user_id=by.id, study_id=study.id)


def restore_target(db: Session, study: Study, removal: Removal, by: User, now: datetime) -> None:
    """Send messages to a removed target again; a webhook keeps its signing secret, and is `by`'s from now on.

    Raises Conflict if mail to the same person was added meanwhile, or the study has too many targets; NotFound if the
    person has no account any more.
    """
    user_id = removal.content["user_id"]
    if user_id is not None:
        if db.get(User, user_id) is None:
            raise NotFound("This account no longer exists.")
        if any(target.user_id == user_id for target in targets_of(db, study)):
            raise Conflict("Mail to this person was added again already.")
    _refuse_too_many(db, study)
    target = NotificationTarget(study_id=study.id, added_by_id=by.id, created_at=now, **removal.content)
    db.add(target)
    db.delete(removal)
    where = urlsplit(target.url).hostname if target.url else place_of(db, target)
    detail = {"to": where, "events": target.events}
    record_action(db, AuditAction.RESTORE_NOTIFICATION, now, user_id=by.id, study_id=study.id, detail=detail)


def place_of(db: Session, target: NotificationTarget) -> str:
    """Return where a target's messages go: a webhook's address or a person's."""
    if target.url is not None:
        return target.url
    user = db.get(User, target.user_id)
    return user.email if user else ""


def checked_url(url: str) -> str:
    """Return a valid address for a webhook. Raises BadRequest."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named or parts.scheme not in {"http", "https"} or not url.isascii() or not url.isprintable() or " " in url:
        raise BadRequest("Enter an address that begins with https://, for example https://hooks.example.org/keytrail.")
    if parts.username is not None or len(url) > _MOST_URL:
        raise BadRequest(f"Enter an address without a password, of at most {_MOST_URL} characters.")
    return url


def _new(db: Session, study: Study, choice: EventChoice, by: User, now: datetime) -> NotificationTarget:
    _refuse_too_many(db, study)
    return NotificationTarget(
        study_id=study.id,
        added_by_id=by.id,
        events=[str(kind) for kind in choice.events],
        flagged_percent=choice.flagged_percent,
        budget_percent=choice.budget_percent,
        salt=secrets.token_hex(16),
        created_at=now,
    )


def _refuse_too_many(db: Session, study: Study) -> None:
    if len(targets_of(db, study)) >= _MOST_TARGETS:
        raise Conflict(f"A study has at most {_MOST_TARGETS} notifications. Remove one first.")


def _add(db: Session, study: Study, target: NotificationTarget, where: str, by: User, now: datetime) -> None:
    db.add(target)
    detail = {"to": where, "events": target.events}
    record_action(db, AuditAction.ADD_NOTIFICATION, now, user_id=by.id, study_id=study.id, detail=detail)


def _percent(written: str, of: str) -> int:
    if not (written.isascii() and written.isdigit() and 1 <= int(written) <= 100):  # noqa: PLR2004  # per cent
        raise BadRequest(f"Enter a threshold for {of} between 1 and 100 per cent.")
    return int(written)

"""Compose the mail or webhook message of a delivery."""

import json
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from keytrail.keyring import Keyring
from keytrail.models import Delivery, Membership, MessageKind, NotificationTarget, Role, Study, User
from keytrail.notifications.failures import DeliveryFailed
from keytrail.notifications.signing import webhook_key
from keytrail.notifications.wording import event_name, page_of, sentence
from keytrail.provenance.formatting import count
from keytrail.settings import Settings
from keytrail.users.reset_links import allow_own_reset


@dataclass(frozen=True)
class WebhookMessage:
    """The body to post and the key to sign it with."""

    url: str
    message_id: str
    key: bytes
    body: bytes


Message = WebhookMessage | EmailMessage


def compose(db: Session, delivery: Delivery, settings: Settings, keyring: Keyring, now: datetime) -> Message:
    """Compose the message of a delivery. Raises DeliveryFailed if its recipient may no longer have it."""
    kind = MessageKind(delivery.kind)
    if kind is MessageKind.PASSWORD:
        return _password_mail(db, delivery, settings, now)
    study = db.get(Study, delivery.study_id)
    target = db.get(NotificationTarget, delivery.target_id)
    if study is None or target is None:
        raise DeliveryFailed("The notification was removed.", for_good=True)
    page = f"{settings.public_url}/studies/{study.slug}/{page_of(kind)}"
    if target.url is not None:
        if not _is_owner(db, study, target.added_by_id):
            raise DeliveryFailed(
                "Whoever added this webhook owns the study no more. Remove and restore it to make it yours.",
                for_good=True,
            )
        data = {"study": study.slug, "title": study.title, "url": page, **delivery.data}
        body = {"type": str(kind), "timestamp": delivery.created_at.isoformat(), "data": data}
        key = webhook_key(keyring, target)
        return WebhookMessage(target.url, delivery.message_id, key, json.dumps(body).encode())
    user = _owner(db, study, target.user_id)
    text = (
        f"{sentence(kind, delivery.data)}\n\n{page}\n\n"
        f"You asked for this under Notifications of the study “{study.title}”. Remove it there:\n"
        f"{settings.public_url}/studies/{study.slug}/notifications\n"
    )
    return _mail(user, f"{study.title}: {event_name(kind)}", text, delivery, settings)


def _password_mail(db: Session, delivery: Delivery, settings: Settings, now: datetime) -> EmailMessage:
    """Compose a mail with a link that is created now, so that its secret is never stored."""
    user = db.get(User, delivery.user_id)
    if user is None:
        raise DeliveryFailed("The account no longer exists.", for_good=True)
    hours = settings.password_link_hours
    link = f"{settings.public_url}/invitation/{allow_own_reset(db, user, now, hours=hours)}"
    text = (
        f"Somebody, probably you, asked for a new password for {user.email} at {settings.public_url}.\n\n"
        f"Choose one here. The link works once, for {count(hours, 'hour')}:\n{link}\n\n"
        "If it was not you, do nothing: your password stays as it is.\n"
    )
    return _mail(user, "Choose a new password", text, delivery, settings)


def _owner(db: Session, study: Study, user_id: int | None) -> User:
    user = db.get(User, user_id) if user_id is not None else None
    if user is None or not _is_owner(db, study, user.id):
        raise DeliveryFailed("The person is no longer an owner of the study.", for_good=True)
    return user


def _is_owner(db: Session, study: Study, user_id: int | None) -> bool:
    membership = db.get(Membership, (user_id, study.id)) if user_id is not None else None
    return membership is not None and membership.role == Role.OWNER


def _mail(user: User, subject: str, text: str, delivery: Delivery, settings: Settings) -> EmailMessage:
    mail = EmailMessage()
    mail["To"] = user.email
    mail["Subject"] = " ".join(subject.split())
    mail["Message-ID"] = f"<{delivery.message_id}@{urlsplit(settings.public_url).hostname}>"
    mail["Date"] = delivery.created_at
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    return mail

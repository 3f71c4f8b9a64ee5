"""Set up Prolific's webhook for a study's submissions: secret, subscription and confirmation in one step."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.models import ActionKind, AuditAction, Study
from keytrail.platform_actions.assignments import SUBMISSION_CHANGED
from keytrail.platform_actions.spending import require_sender
from keytrail.platforms.prolific_api import ProlificApi
from keytrail.platforms.registry import platform_class
from keytrail.settings import Settings
from keytrail.users.audit_log import record_action

_FILE = "prolific-webhook.key"


@dataclass(frozen=True)
class HookSubscription:
    """Where the messages go; `already`: they did before."""

    url: str
    already: bool


def webhook_secret(settings: Settings) -> str | None:
    """The secret that Prolific signs its messages with: the setting, or what subscribing stored."""
    if settings.prolific_webhook_secret is not None:
        return settings.prolific_webhook_secret.get_secret_value()
    path = _path(settings)
    return path.read_text().strip() or None if path.exists() else None


def require_subscribable(db: Session, study: Study, settings: Settings, user_id: int, now: datetime) -> None:
    """Raises Forbidden unless the user may publish and pay, Conflict for a study elsewhere, BadRequest without https.

    That somebody subscribes is recorded before anything is asked.
    """
    require_sender(db, study.id, ActionKind.DRAFT, user_id)
    if not platform_class(study.platform).sends_messages:
        raise Conflict("This study is not on Prolific.", code="other_platform")
    if not settings.public_url.startswith("https://"):
        raise BadRequest("Prolific sends messages to https addresses only. Set KEYTRAIL_PUBLIC_URL to one.")
    record_action(db, AuditAction.SUBSCRIBE_MESSAGES, now, user_id=user_id, study_id=study.id)


def subscribe(api: ProlificApi, settings: Settings, slug: str) -> HookSubscription:
    """Have messages sent, once however often it is called; the secret is stored before the first can come.

    A workspace has one secret, and every study gets the messages of all of the workspace's. Raises PlatformFault, and
    Conflict if the setting holds another secret than the workspace has.
    """
    workspace = api.workspace()
    secret = api.hook_secret(workspace)
    if settings.prolific_webhook_secret is None:
        _store(settings, secret)
    elif settings.prolific_webhook_secret.get_secret_value() != secret:
        raise Conflict(
            "KEYTRAIL_PROLIFIC_WEBHOOK_SECRET is not the secret of your workspace at Prolific. Remove the setting, "
            "restart, and subscribe again.",
            code="other_secret",
        )
    url = f"{settings.public_url}/api/hooks/prolific/{slug}"
    already = api.subscribed_to(workspace, SUBMISSION_CHANGED, url)
    if not already:
        api.subscribe(workspace, SUBMISSION_CHANGED, url)
    return HookSubscription(url, already)


def _store(settings: Settings, secret: str) -> None:
    """For the owner of the data folder alone; whole or not at all."""
    path = _path(settings)
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(secret)
    part.replace(path)


def _path(settings: Settings) -> Path:
    return settings.data_dir / _FILE

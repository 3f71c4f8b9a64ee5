"""Send the messages that are due."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import Delivery
from keytrail.notifications.composing import Message, WebhookMessage, compose
from keytrail.notifications.failures import DeliveryFailed
from keytrail.notifications.mail_sender import send_mail
from keytrail.notifications.outbox import (
    claim_next,
    is_due,
    record_delivered,
    record_failed,
    was_interrupted_too_often,
)
from keytrail.notifications.signing import signed_headers
from keytrail.notifications.webhook_sender import post
from keytrail.settings import Settings

_MOST_AT_ONCE: Final = 100

_log = logging.getLogger("keytrail")


@dataclass(frozen=True)
class Transport:
    """How messages are sent: the settings' mail server and allowed networks, and the keyring's keys for signatures."""

    settings: Settings
    keyring: Keyring

    def send(self, message: Message, now: datetime) -> str:
        """Send one message and describe the outcome. Raises DeliveryFailed."""
        if isinstance(message, WebhookMessage):
            headers = signed_headers(message.key, message.message_id, message.body, now)
            return post(message.url, headers, message.body, self.settings.webhook_networks)
        return send_mail(message, self.settings)


def send_due(database: Database, clock: Callable[[], datetime], transport: Transport, most: int = _MOST_AT_ONCE) -> int:
    """Send the messages that are due, at most `most`. Return how many were tried.

    Several servers may do it at once. No transaction is open while a message is being sent. If a server is killed in
    between, the message is sent again after the outbox's lease, with the same id.
    """
    for tried in range(most):
        if not _send_next(database, clock, transport):
            return tried
    return most


def _send_next(database: Database, clock: Callable[[], datetime], transport: Transport) -> bool:
    with database.reading() as db:  # so that nobody else waits for a look that finds nothing
        if not is_due(db, clock()):
            return False
    with database.writing() as db:
        now = clock()
        delivery = claim_next(db, now)
        if delivery is None:
            return False
        if was_interrupted_too_often(delivery):
            record_failed(delivery, DeliveryFailed("Sending it was interrupted too often."), now)
            return True
        try:
            message = compose(db, delivery, transport.settings, transport.keyring, now)
        except DeliveryFailed as failure:
            record_failed(delivery, failure, now)
            return True
        number = delivery.id
    failed, outcome = None, ""
    try:
        outcome = transport.send(message, clock())
    except DeliveryFailed as failure:
        failed = failure
    except Exception as error:  # noqa: BLE001  # the message waits for its next try
        _log.exception("delivery %s: sending failed", number)
        failed = DeliveryFailed(f"An error in the program stopped it ({type(error).__name__}).")
    with database.writing() as db:
        found = db.get(Delivery, number, with_for_update=True)
        if found is not None and failed is not None:
            record_failed(found, failed, clock())
        elif found is not None:
            record_delivered(found, outcome, clock())
    return True

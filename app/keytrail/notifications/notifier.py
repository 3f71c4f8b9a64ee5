"""The notifier: a thread that raises messages and sends those that are due."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import Final

from keytrail.db import Database
from keytrail.notifications.raising import raise_due
from keytrail.notifications.sending import Transport, send_due

_SEND_S: Final = 5.0
_LOOK_S: Final = 60.0

_log = logging.getLogger("keytrail")


def run_notifications(database: Database, clock: Callable[[], datetime], transport: Transport, stopping: Event) -> None:
    """Run until `stopping` is set: send due messages every five seconds, and raise new ones every minute."""
    looked = -_LOOK_S
    while not stopping.is_set():
        try:
            if time.monotonic() - looked >= _LOOK_S:
                looked = time.monotonic()
                raise_due(database, clock)
            while not stopping.is_set() and send_due(database, clock, transport, most=1):
                pass
        except Exception:  # noqa: BLE001  # a locked database or a full disk must not end it for good
            _log.exception("notifications failed; they go on")
        stopping.wait(_SEND_S)

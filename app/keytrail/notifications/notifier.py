"""The notifier: sends messages as they become due."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import Final

from keytrail.db import Database
from keytrail.notifications.sending import Transport, send_due

_LOOK_S: Final = 5.0

_log = logging.getLogger("keytrail")


def run_notifier(database: Database, clock: Callable[[], datetime], transport: Transport, stopping: Event) -> None:
    """Send due messages until `stopping` is set. Any number of processes may do so: each message is claimed by one."""
    while not stopping.is_set():
        try:
            while not stopping.is_set() and send_due(database, clock, transport, most=1):
                pass
        except Exception:  # noqa: BLE001  # a locked database or a full disk must not end it for good
            _log.exception("sending messages failed; it goes on")
        stopping.wait(_LOOK_S)

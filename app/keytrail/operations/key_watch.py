"""Notice a rotation of the secret key in a running server."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from cryptography.fernet import InvalidToken
from sqlalchemy.exc import SQLAlchemyError

from keytrail.db import Database
from keytrail.errors import BadSettings
from keytrail.key_check import finish_replacing
from keytrail.key_rotation import LOOK_EVERY_S, Rotation, facts_of, roots_from, rotation_in
from keytrail.keyring import Keyring, Roots, root_secret
from keytrail.settings import Settings
from keytrail.users.rotated_secrets import settle_rotation

_log = logging.getLogger("keytrail")


class KeyWatch:
    """Compare the keys with the database every `LOOK_EVERY_S` seconds, in a thread of its own."""

    def __init__(self, settings: Settings, database: Database, keyring: Keyring, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._database = database
        self._keyring = keyring
        self._clock = clock
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="key watch", daemon=True)
        self._settled: Rotation | None = None

    def start(self) -> None:
        """Start the thread; it looks at once, then every `LOOK_EVERY_S` seconds."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._ending.set()
        self._thread.join()

    def look(self) -> None:
        """Adopt the keys that are valid now, and do what a rotation has left to do."""
        now = self._clock()
        # Of a rotation whose command was killed: until then a server without the earlier key's time knows no new one.
        finish_replacing(self._settings, self._database)
        with self._database.reading() as db:
            facts = facts_of(db)
        # What this process learned in an earlier look leads on, whatever the settings still say.
        roots = roots_from(self._keyring.roots.present, facts, now) or roots_from(
            root_secret(self._settings), facts, now
        )
        if roots is None:
            _log.error("The secret key was rotated, and this process has another one: set the new key and restart it.")
            return
        if roots != self._keyring.roots:
            self._keyring.adopt(roots)
            _log.info("The keys of this process are those of a rotation now.")
        rotation = rotation_in(facts)
        over = rotation is not None and now.timestamp() >= rotation.until
        # Secrets once, and once more before the earlier key is forgotten: not a write every few seconds.
        due = rotation is not None and (over or rotation != self._settled)
        if due and settle_rotation(self._database, roots, now):
            self._settled = rotation
            if over:
                self._keyring.adopt(Roots(roots.present, roots.lasting))

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self.look()
            except (SQLAlchemyError, BadSettings, InvalidToken, OSError) as error:
                _log.warning("The keys could not be compared with the database: %s", type(error).__name__)
            self._ending.wait(LOOK_EVERY_S)

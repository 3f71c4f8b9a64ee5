"""Public keys that another server publishes as a JSON Web Key Set (RFC 7517)."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

import httpx2
import jwt

_log = logging.getLogger("keytrail")

_TIMEOUT_S: Final = 5
_FRESH_S: Final = 12 * 3600
# A forged token names an unknown key; keys are not fetched again for each of them.
_AGAIN_S: Final = 60


class RemoteKeys:
    """The keys at an address, cached for half a day; `owner` names whose they are. Only `refresh` uses the network."""

    def __init__(self, url: str, owner: str, timer: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._owner = owner
        self._timer = timer
        self._turn = threading.Lock()
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at: float | None = None
        self._asked_at: float | None = None
        self.failed = False
        """Whether the last attempt to fetch the keys failed, so that a key may exist that is not known yet."""

    @property
    def known(self) -> bool:
        """Whether the keys could be fetched at least once."""
        return self._fetched_at is not None

    def find(self, name: str) -> jwt.PyJWK | None:
        """The cached key of this id; without an id, the only key of a set of one."""
        keys = self._keys
        if not name and len(keys) == 1:
            return next(iter(keys.values()))
        return keys.get(name)

    def refresh(self, name: str) -> None:
        """Fetch the keys if they are old, or if none has this id; at most once a minute.

        A failure is logged and keeps the cached keys. Call it outside transactions, because it waits for the network.
        """
        with self._turn:
            now = self._timer()
            stale = self._fetched_at is None or now - self._fetched_at > _FRESH_S
            if not stale and self.find(name) is not None:
                return
            if self._asked_at is not None and now - self._asked_at < _AGAIN_S:
                return
            self._asked_at = now
            try:
                answer = httpx2.get(self._url, timeout=_TIMEOUT_S)
                found = jwt.PyJWKSet.from_dict(answer.raise_for_status().json()).keys
            except (httpx2.HTTPError, jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
                _log.error("%s's keys could not be read from %s: %s", self._owner, self._url, error)
                self.failed = True
                return
            self.failed = False
            self._keys = {key.key_id or "": key for key in found}
            self._fetched_at = now


def key_id(token: str) -> str:
    """The id of the key with which a token claims to be signed; empty without one, or if it is no token."""
    try:
        return str(jwt.get_unverified_header(token).get("kid") or "")
    except jwt.PyJWTError:
        return ""

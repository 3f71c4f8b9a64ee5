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
# A new key is fetched when a token first names it. Anybody can make up a token that names an unknown key: a few fetches
# in a row are allowed, and then one a minute; an id that the server did not list is not looked for again for a while.
_AGAIN_S: Final = 60
_AT_ONCE: Final = 5
_MISSED_S: Final = 10


class RemoteKeys:
    """The keys at an address, cached for half a day; `owner` names whose they are. Only `refresh` uses the network."""

    def __init__(self, url: str, owner: str, timer: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._owner = owner
        self._timer = timer
        self._turn = threading.Lock()
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at: float | None = None
        self._failed_at: float | None = None
        self._missed: dict[str, float] = {}
        self._left = float(_AT_ONCE)
        self._counted_at = timer()

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

    def may_exist(self, name: str) -> bool:
        """Whether the server may have a key of this id that is not cached: it did not answer, or was not asked."""
        if not self.known or self._failed_at is not None:
            return True
        return bool(name) and self.find(name) is None and not self._was_missed(name, self._timer())

    def refresh(self, name: str) -> None:
        """Fetch the keys if they are old, or if none has this id; at most five times in a row, then once a minute.

        A failure is logged and keeps the cached keys; then nothing is fetched for a minute. Call it outside
        transactions, because it waits for the network.
        """
        if not self._wanted(name, self._timer()):
            return
        with self._turn:
            now = self._timer()
            if self._wanted(name, now) and self._allowed(now):
                self._fetch(name, now)

    def _wanted(self, name: str, now: float) -> bool:
        if self._fetched_at is None or now - self._fetched_at > _FRESH_S:
            return True
        return bool(name) and self.find(name) is None and not self._was_missed(name, now)

    def _was_missed(self, name: str, now: float) -> bool:
        return name in self._missed and now - self._missed[name] < _MISSED_S

    def _allowed(self, now: float) -> bool:
        """Whether one more fetch is within the limit; counts it."""
        if self._failed_at is not None and now - self._failed_at < _AGAIN_S:
            return False
        self._left = min(_AT_ONCE, self._left + (now - self._counted_at) / _AGAIN_S)
        self._counted_at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def _fetch(self, name: str, now: float) -> None:
        try:
            answer = httpx2.get(self._url, timeout=_TIMEOUT_S)
            found = jwt.PyJWKSet.from_dict(answer.raise_for_status().json()).keys
        except (httpx2.HTTPError, jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
            _log.error("%s's keys could not be read from %s: %s", self._owner, self._url, error)
            self._failed_at = now
            return
        self._keys = {key.key_id or "": key for key in found}
        self._fetched_at, self._failed_at = now, None
        missed = {one: at for one, at in self._missed.items() if now - at < _MISSED_S}
        self._missed = missed if name in self._keys else missed | {name: now}


def key_id(token: str) -> str:
    """The id of the key with which a token claims to be signed; empty without one, or if it is no token."""
    try:
        return str(jwt.get_unverified_header(token).get("kid") or "")
    except jwt.PyJWTError:
        return ""

"""Restore the draft of a returning worker from the log of the previous page loads.

Anybody can request it by reloading a page, so its cost is limited: usual logs are replayed here, a few at a time;
longer ones in another process with limits, one at a time; the result is cached until the log grows.
"""

import logging
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import Final

from sqlalchemy import select

from keytrail.child_process import Helper, HelperFailed
from keytrail.db import Database
from keytrail.errors import Unavailable
from keytrail.models import Epoch
from keytrail.provenance import EpochLog, restore
from keytrail.provenance.wire.events import Visibility
from keytrail.review.analysis.logs import USUAL_CHARACTERS, USUAL_EVENTS, LogQuota, LogTooLong, epoch_logs

_AT_A_TIME: Final = 2
_WAITING: Final = 8
_PATIENCE_S: Final = 2.0
"""The page waits three seconds for an answer (static/worker/draft.js)."""
_KEPT: Final = 32

_log = logging.getLogger("keytrail")
_Key = tuple[int, tuple[tuple[int, ...], ...]]


@dataclass(frozen=True)
class StoredDraft:
    """The text as left by the last page load that wrote something, as far as it was received.

    `settled` says that no more is expected: this page load has reported its end, and nothing before it is missing.
    `missing` says that later batches show that earlier ones are still missing.
    """

    text: str
    settled: bool
    missing: bool


_NOTHING: Final = StoredDraft("", settled=True, missing=False)


def draft_of(
    database: Database, session_id: int, before: int | None = None, quota: LogQuota | None = None
) -> StoredDraft:
    """Return the draft of a session, or only of the page loads with a number lower than `before`.

    No database connection is held during the replay. Raises LogTooLong if the log is larger than the quota.
    """
    with database.reading() as db:
        read = epoch_logs(db, session_id, quota)
    logs = [log for log in read if log.events and (before is None or log.number < before)]
    if not logs:
        return _NOTHING
    # A page that ends sends its last batches all at once, and a short one overtakes a long one.
    missing = bool(logs[-1].gaps)
    return StoredDraft(restore(logs).text, settled=_has_ended(logs[-1]) and not missing, missing=missing)


def _has_ended(log: EpochLog) -> bool:
    seen = [event.state for event in log.events if type(event) is Visibility]
    return bool(seen) and seen[-1] in {"hidden", "pagehide", "freeze"}


class DraftService:
    """Restore drafts for pages, within limits."""

    def __init__(self, database: Database, helper: Helper) -> None:
        self._database, self._helper = database, helper
        self._seats = BoundedSemaphore(_AT_A_TIME + _WAITING)
        self._few = BoundedSemaphore(_AT_A_TIME)
        self._long = Lock()
        self._cached: OrderedDict[_Key, StoredDraft] = OrderedDict()
        self._guard = Lock()

    def of(self, session_id: int, before: int | None = None, *, wait: bool = True) -> StoredDraft:
        """Return the current draft. Raises Unavailable if too many are being restored; the page retries.

        Without `wait` it does not wait for a long log either, which may take seconds.
        """
        key = self._key(session_id, before)
        with self._guard:
            cached = self._cached.get(key)
        return cached or self._keep(key, self._made(session_id, before, wait=wait))

    def close(self) -> None:
        """End the other process."""
        self._helper.close()

    def _key(self, session_id: int, before: int | None) -> _Key:
        """Return a cache key that changes whenever one of the previous page loads has sent more."""
        columns = (Epoch.number, Epoch.reached_seq, Epoch.batches)
        query = select(*columns).where(Epoch.session_id == session_id, Epoch.reached_seq > 0).order_by(Epoch.number)
        if before is not None:
            query = query.where(Epoch.number < before)
        with self._database.reading() as db:
            return session_id, tuple(tuple(row) for row in db.execute(query))

    def _keep(self, key: _Key, made: StoredDraft) -> StoredDraft:
        with self._guard:
            self._cached[key] = made
            while len(self._cached) > _KEPT:
                self._cached.popitem(last=False)
        return made

    def _made(self, session_id: int, before: int | None, *, wait: bool) -> StoredDraft:
        try:
            with self._seat():
                return draft_of(self._database, session_id, before, LogQuota(USUAL_EVENTS, USUAL_CHARACTERS))
        except LogTooLong:
            if not wait:
                raise _busy() from None
            return self._made_in_child(session_id, before)

    @contextmanager
    def _seat(self) -> Iterator[None]:
        """Hold one of the few slots; a few more requests may wait briefly, because each holds a thread."""
        if not self._seats.acquire(blocking=False):
            raise _busy()
        try:
            if not self._few.acquire(timeout=_PATIENCE_S):
                raise _busy()
            try:
                yield
            finally:
                self._few.release()
        finally:
            self._seats.release()

    def _made_in_child(self, session_id: int, before: int | None) -> StoredDraft:
        if not self._long.acquire(blocking=False):
            raise _busy()
        try:
            return self._helper.call(draft_of, session_id, before)
        except HelperFailed as end:
            _log.error("the draft of session %s could not be made: %s", session_id, end)  # the message says it
            return _NOTHING
        finally:
            self._long.release()


def _busy() -> Unavailable:
    return Unavailable("The server is busy. Your text from before is saved; this page asks for it again in a moment.")

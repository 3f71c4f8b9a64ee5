"""Read uploaded files within limits: a workbook of a few kilobytes may stand for gigabytes, or for hours of work."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, TypeVar, cast

from keytrail.child_process import Helper, HelperFailed, HelperKilled
from keytrail.db import Database
from keytrail.errors import ImportFailed, Unavailable

_Result = TypeVar("_Result")

_PATIENCE_S: Final = 5.0

_log = logging.getLogger("keytrail")


@dataclass(frozen=True)
class _Refused:
    message: str
    problems: list[str]


class UploadReader:
    """Reads files in a child process with limits, one at a time."""

    def __init__(self, helper: Helper) -> None:
        self._helper = helper
        self._turn = Lock()

    def read(self, reader: Callable[..., _Result], content: bytes, name: str, *args: Any) -> _Result:
        """Return `reader(content, name, *args)`, a module's function, or raise its ImportFailed.

        Raises ImportFailed too for a file that exceeds the limits, and Unavailable if others are being read or the
        server is short of memory. No connection may be held meanwhile.
        """
        if not self._turn.acquire(timeout=_PATIENCE_S):
            raise Unavailable("The server is reading another file. Please try again in a moment.")
        try:
            outcome = self._helper.call(_read, reader, content, name, args)
        except HelperKilled as end:
            _log.error("an uploaded file could not be read: %s", end)
            raise Unavailable("The file could not be read now. Please try again in a moment.") from None
        except HelperFailed as end:
            _log.warning("an uploaded file could not be read: %s", end)
            cure = "Save the sheet that you need as CSV, or split the file."
            raise ImportFailed(f"{name} takes too much time or memory to read. {cure}", [cure]) from None
        finally:
            self._turn.release()
        if isinstance(outcome, _Refused):
            raise ImportFailed(outcome.message, outcome.problems)
        return cast("_Result", outcome)

    def close(self) -> None:
        """End the child process, even while it works."""
        self._helper.close()


def _read(
    _database: Database, reader: Callable[..., _Result], content: bytes, name: str, args: tuple[Any, ...]
) -> _Result | _Refused:
    try:
        return reader(content, name, *args)
    except ImportFailed as refused:
        return _Refused(refused.message, refused.problems)

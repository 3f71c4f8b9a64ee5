"""Read uploaded tables without keeping the server busy: small files at once, large ones in a child process."""

import io
import logging
import zipfile
from typing import Final

from keytrail.child_process import Helper, HelperFailed
from keytrail.db import Database
from keytrail.errors import ImportFailed
from keytrail.studies.item_files import AS_GUESSED, FileChoices, SheetTable, read_table

SMALL_BYTES: Final = 1_000_000
"""Unpacked. A workbook of this size takes about a quarter of a second of a processor, one of 100,000 rows half a
minute.
"""

_log = logging.getLogger("keytrail")


class ItemFileReader:
    """Reads tables within the limits of the server's child processes, large ones one at a time."""

    def __init__(self, helper: Helper) -> None:
        self._helper = helper

    def read(self, content: bytes, name: str, choices: FileChoices = AS_GUESSED) -> SheetTable:
        """Do as `read_table`. A file that exceeds the limits is refused too. Hold no connection meanwhile."""
        if unpacked_bytes(content) <= SMALL_BYTES:
            return read_table(content, name, choices)
        try:
            found = self._helper.call(_table_or_problem, content, name, choices)
        except HelperFailed as end:
            _log.error("an uploaded table could not be read: %s", end)
            cure = "Split it into several files, or save the sheet with the items as CSV."
            raise ImportFailed(f"{name} could not be read. {end} {cure}", [cure]) from None
        if isinstance(found, SheetTable):
            return found
        raise ImportFailed(*found)

    def close(self) -> None:
        """End the child process, even while it works."""
        self._helper.close()


def unpacked_bytes(content: bytes) -> int:
    """Return the size of a file, of a workbook that of its unpacked parts, as it states it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):  # `read_table` says what is wrong
        return len(content)


def _table_or_problem(
    _: Database, content: bytes, name: str, choices: FileChoices
) -> SheetTable | tuple[str, list[str]]:
    # An error would not come back from the child as it is.
    try:
        return read_table(content, name, choices)
    except ImportFailed as refused:
        return refused.message, refused.problems

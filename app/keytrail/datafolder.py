"""The folder of the database and the secret: for its owner alone."""

import os
from contextlib import suppress
from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600
_OTHERS = 0o077
_PRIVATE = ("*.sqlite3", "*.sqlite3-wal", "*.sqlite3-shm", "*.key")


def keep_new_files_private() -> None:
    """From now on this process makes files and folders that only its user may read: databases, exports, logs."""
    os.umask(_OTHERS)


def prepare_data_folder(folder: Path) -> None:
    """Make the folder if need be; take away what others may do with it and with what was made before.

    SQLite gives its write-ahead log the rights of the database.
    """
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    # A folder of somebody else's, or on a file system without rights, is as its administrator wants it.
    with suppress(PermissionError):
        folder.chmod(_FOLDER)
        for pattern in _PRIVATE:
            for file in folder.glob(pattern):
                file.chmod(_FILE)

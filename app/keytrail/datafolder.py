"""The folder of the database and the secret key, readable by its owner only."""

import os
from contextlib import suppress
from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600
_OTHERS = 0o077
_PRIVATE = ("*.sqlite3", "*.sqlite3-wal", "*.sqlite3-shm", "*.key")


def keep_new_files_private() -> None:
    """Make every file and folder that this process creates readable by its user only: databases, exports, logs."""
    os.umask(_OTHERS)


def prepare_data_folder(folder: Path) -> None:
    """Create the folder if needed, and remove other users' permissions on it and on existing files.

    SQLite gives its write-ahead log the permissions of the database.
    """
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    # A folder owned by somebody else, or on a file system without permissions, is left as it is.
    with suppress(PermissionError):
        folder.chmod(_FOLDER)
        for pattern in _PRIVATE:
            for file in folder.glob(pattern):
                file.chmod(_FILE)

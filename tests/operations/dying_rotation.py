"""`keytrail` in a process that kills itself at a step of a rotation.

Run it as `python -m tests.operations.dying_rotation STEP rotate-key`.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.orm import Session

from keytrail.cli import main

UNNAMED, PREPARED = "the new key's file has no name yet", "the new key has its file"
UNCHANGED, CHANGED = "the database is about to change", "the database has changed"
REPLACED = "the new key's file has replaced the other"
STEPS = (UNNAMED, PREPARED, UNCHANGED, CHANGED, REPLACED)


def die(*_any: Any) -> None:
    """End as if the machine had lost its power."""
    os.kill(os.getpid(), signal.SIGKILL)


def link(source: Path, target: Path, to_link: Any = os.link) -> None:
    """Name a file, and die."""
    to_link(source, target)
    die()


def replace(source: Path, target: Path, to_rename: Any = os.rename) -> None:
    """Replace a file, and die."""
    to_rename(source, target)
    die()


def prepare(step: str) -> None:
    """Let this process die at a step. A rotation names one file, changes the database once, and replaces one file."""
    if step in {UNNAMED, PREPARED}:
        patch.object(os, "link", die if step == UNNAMED else link).start()
    elif step in {UNCHANGED, CHANGED}:
        event.listen(Session, "before_commit" if step == UNCHANGED else "after_commit", die)
    else:
        patch.object(Path, "replace", replace).start()


if __name__ == "__main__":
    prepare(sys.argv.pop(1))
    main()

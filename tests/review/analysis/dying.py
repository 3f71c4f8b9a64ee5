"""Examinations that end the process in which they run, or need too much memory for it."""

import os
from pathlib import Path

from keytrail.db import Database
from keytrail.models import Submission
from keytrail.review.analysis.background import examined
from keytrail.review.analysis.bridge import Examined

KILLED_ONCE, KILLING, TOO_LARGE = "killed once", "killing", "too large"
"""Texts of submissions."""


def examine(database: Database, submission_id: int) -> Examined | None:
    """Examine a submission, unless its text says how this ends. The first examination of one leaves a folder."""
    with database.reading() as db:
        text = db.get_one(Submission, submission_id).text
    if text == KILLED_ONCE and is_first(database):
        os._exit(9)
    if text == KILLING:
        os._exit(9)
    if text == TOO_LARGE:
        bytearray(2 * 2**30)
    return examined(database, submission_id)


def is_first(database: Database) -> bool:
    file = database.engine.url.database
    assert file is not None
    try:
        Path(f"{file}.killed").mkdir()
    except FileExistsError:
        return False
    return True

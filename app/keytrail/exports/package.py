"""A study's data as one archive: tables, codebook, data card and loader."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.exports.codebook import codebook, loader
from keytrail.exports.data_card import data_card
from keytrail.exports.selection import Selection
from keytrail.exports.tables import TABLES, bundle
from keytrail.models import Study

# Raw events are many and personal: they leave only when asked for by name.
_PACKAGED = tuple(table for table in TABLES if table.name != "events")


def package(
    db: Session, database: Database, study: Study, file_format: str, selection: Selection, now: datetime
) -> Iterator[bytes]:
    """The archive in pieces. What describes the data is read at once, the tables while pieces are taken."""
    beside = {
        "codebook.md": codebook(study.title, _PACKAGED),
        "data-card.md": data_card(db, study, selection, now),
        "load.py": loader(_PACKAGED),
    }
    return bundle(database, _PACKAGED, file_format, selection, beside)

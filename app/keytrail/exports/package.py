"""Package a study's data as one archive: tables, codebook, data card and loader."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.exports.codebook import codebook, loader
from keytrail.exports.data_card import data_card
from keytrail.exports.selection import Selection
from keytrail.exports.tables import TABLES, bundle
from keytrail.models import Study

# Raw events are many and personal: they are exported only if named.
_PACKAGED = tuple(table for table in TABLES if table.name != "events")


def package(
    db: Session, database: Database, study: Study, file_format: str, selection: Selection, now: datetime
) -> Iterator[bytes]:
    """Yield the archive in pieces. The descriptions are read at once, the tables while pieces are consumed.

    Workbooks come without the loader: it reads exact files, and Excel's cells cut long texts.
    """
    beside = {
        "codebook.md": codebook(study.title, _PACKAGED),
        "data-card.md": data_card(db, study, selection, now),
    }
    if file_format != "xlsx":
        beside["load.py"] = loader(_PACKAGED)
    return bundle(database, _PACKAGED, file_format, selection, beside)

"""Uploaded item files between the upload and the choice of columns."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from keytrail.errors import NotFound
from keytrail.models import ItemUpload, Study
from keytrail.studies.item_files import SheetTable, read_table

KEPT = timedelta(days=1)
_MAX_NAME = 200


def store_upload(db: Session, study: Study, name: str, content: bytes, now: datetime) -> ItemUpload:
    """Store a file for a day. Raises ImportFailed, and stores nothing, if it cannot be read."""
    read_table(content, name)
    db.execute(delete(ItemUpload).where(ItemUpload.uploaded_at < now - KEPT))
    upload = ItemUpload(
        id=secrets.token_hex(16), study_id=study.id, name=name[:_MAX_NAME], content=content, uploaded_at=now
    )
    db.add(upload)
    return upload


def stored_table(db: Session, study: Study, upload_id: str) -> tuple[ItemUpload, SheetTable]:
    """Return an upload of this study and its table. Raises NotFound once it was imported, discarded or a day old."""
    upload = db.get(ItemUpload, upload_id)
    if upload is None or upload.study_id != study.id:
        raise NotFound("This upload is no longer there. Choose the file again.")
    return upload, read_table(upload.content, upload.name)

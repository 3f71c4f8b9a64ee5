"""Uploaded item files between the upload and the choice of columns."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from keytrail.errors import NotFound
from keytrail.models import ItemUpload, Study

KEPT = timedelta(days=1)
_MAX_NAME = 200


def store_upload(db: Session, study: Study, name: str, content: bytes, now: datetime) -> ItemUpload:
    """Store a file that can be read for a day."""
    db.execute(delete(ItemUpload).where(ItemUpload.uploaded_at < now - KEPT))
    upload = ItemUpload(
        id=secrets.token_hex(16), study_id=study.id, name=name[:_MAX_NAME], content=content, uploaded_at=now
    )
    db.add(upload)
    return upload


def stored_upload(db: Session, study: Study, upload_id: str) -> ItemUpload:
    """Return an upload of this study. Raises NotFound once it was imported, discarded or a day old.

    Read its table outside of any unit of work: a workbook takes seconds.
    """
    upload = db.get(ItemUpload, upload_id)
    if upload is None or upload.study_id != study.id:
        raise NotFound("This upload is no longer there. Choose the file again.")
    return upload

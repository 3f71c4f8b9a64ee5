"""Edit, remove and restore single items. An item that a worker has had cannot be changed."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import AuditAction, Item, ReferenceText, Removal, RemovalKind, Study, User, WritingSession
from keytrail.users.audit_log import record_action
from keytrail.users.removals import record_removal

_MAX_TITLE = 300


def item_of(db: Session, study: Study, number: int) -> Item:
    """Return an item of the study by its row number. Raises NotFound."""
    item = db.get(Item, number)
    if item is None or item.study_id != study.id:
        raise NotFound("There is no such item in this study. It may have been removed.")
    return item


def is_used(db: Session, item: Item) -> bool:
    """Return whether a worker has had the item."""
    return db.scalar(select(WritingSession.id).where(WritingSession.item_id == item.id).limit(1)) is not None


def reference_count(db: Session, item: Item) -> int:
    """Count the reference texts about the item."""
    return db.scalar(select(func.count()).where(ReferenceText.item_id == item.id)) or 0


def edit_item(db: Session, item: Item, title: str, text: str, user: User, now: datetime) -> None:
    """Change an item's title and text. If the text changes, its references are removed.

    Raises BadRequest without a text, Conflict if a worker has had the item.
    """
    title, text = title.strip(), text.replace("\r\n", "\n").strip()
    if not text:
        raise BadRequest("An item needs a text.", code="text_missing")
    if len(title) > _MAX_TITLE:
        raise BadRequest(f"A title has at most {_MAX_TITLE} characters.", code="title_too_long")
    if (title, text) == (item.title, item.text):
        return
    _require_unused(db, item)
    changed = [name for name, old, new in (("title", item.title, title), ("text", item.text, text)) if old != new]
    if "text" in changed:
        db.execute(delete(ReferenceText).where(ReferenceText.item_id == item.id))
    item.title, item.text = title, text
    detail = {"item": item.key, "changed": changed}
    record_action(db, AuditAction.EDIT_ITEM, now, user_id=user.id, study_id=item.study_id, detail=detail)


def remove_item(db: Session, study: Study, key: str, user: User, now: datetime) -> Removal:
    """Remove an item so that it can be restored. Raises BadRequest if there is none, Conflict if a worker has
    had it.
    """
    item = db.scalar(select(Item).where(Item.study_id == study.id, Item.key == key))
    if item is None:
        raise BadRequest("There is no such item in this study.")
    _require_unused(db, item)
    content = {"key": item.key, "title": item.title, "text": item.text, "fields": item.fields}
    removal = record_removal(db, study, RemovalKind.ITEM, item.title or item.key, content, now)
    db.delete(item)
    record_action(db, AuditAction.REMOVE_ITEM, now, user_id=user.id, study_id=study.id, detail={"item": key})
    return removal


def restore_item(db: Session, study: Study, removal: Removal, user: User, now: datetime) -> None:
    """Restore a removed item as the last one. Raises Conflict if its id was given to another item."""
    key = removal.content["key"]
    if db.scalar(select(Item.id).where(Item.study_id == study.id, Item.key == key)) is not None:
        raise Conflict(f"Another item has the id '{key}' now. Remove that one first.", code="item_exists")
    db.add(Item(study_id=study.id, **removal.content))
    db.delete(removal)
    record_action(db, AuditAction.RESTORE_ITEM, now, user_id=user.id, study_id=study.id, detail={"item": key})


def _require_unused(db: Session, item: Item) -> None:
    if is_used(db, item):
        raise Conflict("A worker has had this item, so it stays: the submissions refer to it.", code="item_used")

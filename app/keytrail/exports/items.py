"""The table of items."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.exports.columns import Column, ColumnKind, Table
from keytrail.exports.selection import Selection
from keytrail.models import Item

_PORTION = 100


def _rows(db: Session, selection: Selection) -> Iterator[Item]:
    query = select(Item).where(Item.study_id == selection.study_id).order_by(Item.id).limit(_PORTION)
    last = 0
    while found := db.scalars(query.where(Item.id > last)).all():
        yield from found
        last = found[-1].id


ITEMS: Table[Item] = Table(
    "items",
    "One row per item of the study, whatever the selection.",
    (
        Column("item", ColumnKind.TEXT, "Id of the item.", lambda r: r.key),
        Column("title", ColumnKind.TEXT, "Its title.", lambda r: r.title),
        Column("text", ColumnKind.TEXT, "The text that workers read.", lambda r: r.text),
        Column("fields", ColumnKind.JSON, "Further columns of the file that the item came from.", lambda r: r.fields),
    ),
    _rows,
)

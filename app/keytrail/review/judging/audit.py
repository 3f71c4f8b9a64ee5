"""Read the audit log of a study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from keytrail.models import AuditAction, AuditEntry, User
from keytrail.sorted_pages import SortedPage, sorted_rows

AUDIT_ORDERS: Final = ("-when", "who", "what")
"""As in addresses, in the direction that comes first; a minus sign stands for descending. The first is the default."""


@dataclass(frozen=True)
class AuditLine:
    """One entry; `by` is None for a deleted account or the server itself."""

    at: datetime
    by: str | None
    action: str
    detail: Mapping[str, Any]


def audit_lines(
    db: Session, study_id: int | None, words: Mapping[AuditAction, str], page: SortedPage
) -> tuple[Sequence[AuditLine], int | None]:
    """Return a page of entries, and the `place` of the next one (None at the end). One statement.

    Without a study they are the installation's. The page's order is one of `AUDIT_ORDERS` or its opposite; actions are
    sorted by their `words`.
    """
    query = select(AuditEntry, User.name).outerjoin(User, User.id == AuditEntry.user_id)
    ranks = {action.value: rank for rank, action in enumerate(sorted(words, key=words.__getitem__))}
    keys = {
        "when": AuditEntry.id,
        "who": func.lower(func.coalesce(User.name, "")),
        "what": case(ranks, value=AuditEntry.action, else_=len(ranks)),
    }
    rows, following = sorted_rows(db, query.where(AuditEntry.study_id == study_id), keys, AuditEntry.id, page)
    return [AuditLine(entry.at, name, entry.action, entry.detail) for entry, name, _ in rows], following

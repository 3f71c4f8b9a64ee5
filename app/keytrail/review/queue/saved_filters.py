"""Filters that a user saves under a name."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest
from keytrail.models import SavedFilter, Study, User

_MOST = 50
_LONGEST_NAME = 80
_LONGEST_QUERY = 500


def saved_filters(db: Session, user: User, study: Study) -> Sequence[SavedFilter]:
    """Return a user's filters of one study by name."""
    query = select(SavedFilter).where(SavedFilter.user_id == user.id, SavedFilter.study_id == study.id)
    return db.scalars(query.order_by(SavedFilter.name)).all()


def save_filter(db: Session, user: User, study: Study, name: str, query: str) -> None:
    """Save a filter; one of the same name is replaced. Raises BadRequest for an empty name or too many filters."""
    name = name.strip()[:_LONGEST_NAME]
    if not name:
        raise BadRequest("Give the filter a name.")
    if not query or len(query) > _LONGEST_QUERY:
        raise BadRequest("There is no filter to save, or it is too long.")
    known = {saved.name: saved for saved in saved_filters(db, user, study)}
    if name in known:
        known[name].query = query
    elif len(known) >= _MOST:
        raise BadRequest(f"You have saved {_MOST} filters already. Delete one first.")
    else:
        db.add(SavedFilter(user_id=user.id, study_id=study.id, name=name, query=query))


def delete_filter(db: Session, user: User, study: Study, name: str) -> str:
    """Delete a filter and return its query; a missing one is ignored."""
    found = next((saved for saved in saved_filters(db, user, study) if saved.name == name), None)
    if found is None:
        return ""
    db.delete(found)
    return found.query

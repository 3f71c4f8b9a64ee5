"""Setting up studies: definitions, items, lookup."""

from app.studies.definition import StudyDefinition, read_definition
from app.studies.items import ItemRow, add_items, read_items
from app.studies.lookup import memberships, study_by_slug
from app.studies.setup import create_study

__all__ = [
    "ItemRow",
    "StudyDefinition",
    "add_items",
    "create_study",
    "memberships",
    "read_definition",
    "read_items",
    "study_by_slug",
]

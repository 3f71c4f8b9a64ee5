"""Studies: definitions, items, conditions, lookup."""

from keytrail.studies.definition import StudyDefinition, read_definition
from keytrail.studies.editing import create_study
from keytrail.studies.item_files import ItemRow
from keytrail.studies.items import add_items, read_items
from keytrail.studies.lookup import memberships, present_study, study_by_slug, study_of_task

__all__ = [
    "ItemRow",
    "StudyDefinition",
    "add_items",
    "create_study",
    "memberships",
    "present_study",
    "read_definition",
    "read_items",
    "study_by_slug",
    "study_of_task",
]

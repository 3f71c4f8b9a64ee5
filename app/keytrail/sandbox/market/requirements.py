"""Validate a requester's qualification requirements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from keytrail.sandbox.columns import Json
from keytrail.sandbox.market.eligibility import LOCALE, Requirement
from keytrail.sandbox.market.faults import RequestFault, invalid
from keytrail.sandbox.tables import QualificationType

# Limits from AWSMturkAPI, "QualificationRequirement" and "CreateHITType".
MAX_REQUIREMENTS = 10
MAX_NUMBERS = 15
MAX_PLACES = 30
_ORDER = {"LessThan", "LessThanOrEqualTo", "GreaterThan", "GreaterThanOrEqualTo"}
_SETS = {"In", "NotIn"}
_PRESENCE = {"Exists", "DoesNotExist"}


def checked_requirements(db: Session, requirements: Sequence[Requirement]) -> list[Json]:
    """Return the requirements as they are stored. Raises ParameterValidationError or QualificationTypeDoesNotExist."""
    if len(requirements) > MAX_REQUIREMENTS:
        raise invalid(f"A HIT can have at most {MAX_REQUIREMENTS} QualificationRequirements.")
    for requirement in requirements:
        _check_type(db, requirement["QualificationTypeId"])
        _check_values(requirement)
    return [dict(requirement) for requirement in requirements]


def _check_type(db: Session, type_id: str) -> None:
    kind = db.get(QualificationType, type_id)
    if kind is None or kind.deleted_at is not None:
        raise RequestFault("QualificationTypeDoesNotExist", f"QualificationType {type_id} does not exist.")
    if not kind.active:
        raise RequestFault("InvalidQualificationTypeState", f"QualificationType {type_id} is not Active.")


def _check_values(requirement: Requirement) -> None:
    comparator = requirement["Comparator"]
    numbers: Sequence[Any] = requirement.get("IntegerValues", ())
    places: Sequence[Any] = requirement.get("LocaleValues", ())
    at_home = requirement["QualificationTypeId"] == LOCALE
    if at_home and (numbers or comparator in _ORDER | _PRESENCE):
        raise invalid("The Locale qualification takes LocaleValues with EqualTo, NotEqualTo, In or NotIn.")
    if not at_home and places:
        raise invalid("LocaleValues can only be used with the Locale qualification.")
    if comparator in _PRESENCE and numbers:
        raise invalid(f"IntegerValues must not be given with {comparator}.")
    if comparator in _PRESENCE:
        return
    most = (MAX_PLACES if at_home else MAX_NUMBERS) if comparator in _SETS else 1
    if not 1 <= len(places or numbers) <= most:
        raise invalid(f"{comparator} takes between 1 and {most} values.")

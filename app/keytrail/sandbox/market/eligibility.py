"""Check a worker's eligibility for a HIT: qualifications against requirements."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.sandbox.tables import Assignment, AssignmentStatus, Block, Qualification, Worker

NUMBER_APPROVED = "00000000000000000040"
LOCALE = "00000000000000000071"
ADULT = "00000000000000000060"
PERCENT_APPROVED = "000000000000000000L0"
MASTERS = "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH"
MASTERS_SANDBOX = "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6"
SYSTEM_TYPES: Mapping[str, str] = {
    NUMBER_APPROVED: "Number of HITs approved",
    ADULT: "Adult content",
    LOCALE: "Location",
    PERCENT_APPROVED: "HIT approval rate (%)",
    MASTERS: "Masters",
    MASTERS_SANDBOX: "Masters (sandbox)",
}
"""Qualification types that every requester can use. Nobody here is a Master."""

_SETTLED_RATE = 100
"""Below this many decided assignments the approval rate counts as 100 % (MTurk worker help, "approval rate")."""

Requirement = Mapping[str, Any]
_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "EqualTo": operator.eq,
    "NotEqualTo": operator.ne,
}
_GUARDS: Mapping[str, int] = {"Accept": 1, "PreviewAndAccept": 2, "DiscoverPreviewAndAccept": 3}


@dataclass(frozen=True)
class Eligibility:
    """A worker's qualifications by type (None: held without a value), location, and whether the requester
    blocked them.
    """

    values: Mapping[str, int | None] = field(default_factory=dict)
    country: str = ""
    subdivision: str = ""
    blocked: bool = False


STRANGER = Eligibility()
"""A visitor who is not signed in: no qualification, no location."""


@dataclass(frozen=True)
class Access:
    """What a worker may do with a HIT; `unmet` are the requirements that are not met."""

    discover: bool
    preview: bool
    accept: bool
    unmet: Sequence[Requirement]


def eligibility_of(db: Session, worker: Worker) -> Eligibility:
    """Return everything about this worker that requirements can test."""
    held = db.execute(
        select(Qualification.type_id, Qualification.value).where(
            Qualification.worker_id == worker.id, Qualification.granted
        )
    )
    approved, rejected = (
        _decided(db, worker, status) for status in (AssignmentStatus.APPROVED, AssignmentStatus.REJECTED)
    )
    decided = approved + rejected
    rate = 100 if decided < _SETTLED_RATE else 100 * approved // decided
    values: dict[str, int | None] = dict(held.all())
    return Eligibility(
        values={**values, NUMBER_APPROVED: approved, PERCENT_APPROVED: rate},
        country=worker.country,
        subdivision=worker.subdivision,
        blocked=db.get(Block, worker.id) is not None,
    )


def access(requirements: Sequence[Requirement], eligibility: Eligibility) -> Access:
    """Return what these requirements allow a worker."""
    unmet = [requirement for requirement in requirements if not meets(requirement, eligibility)]
    strictest = max((_GUARDS[guarded(requirement)] for requirement in unmet), default=0)
    return Access(
        discover=strictest < _GUARDS["DiscoverPreviewAndAccept"],
        preview=strictest < _GUARDS["PreviewAndAccept"] and not eligibility.blocked,
        accept=strictest == 0 and not eligibility.blocked,
        unmet=unmet,
    )


def guarded(requirement: Requirement) -> str:
    """Return the strictest action that the requirement guards; RequiredToPreview is the older form."""
    default = "PreviewAndAccept" if requirement.get("RequiredToPreview") else "Accept"
    return str(requirement.get("ActionsGuarded", default))


def meets(requirement: Requirement, eligibility: Eligibility) -> bool:
    """Return whether a worker meets one requirement.

    All comparators but DoesNotExist need the qualification; one that is held without a value equals no number.
    """
    type_id: str = requirement["QualificationTypeId"]
    comparator: str = requirement["Comparator"]
    if type_id == LOCALE:
        return _at_home(comparator, requirement.get("LocaleValues", ()), eligibility)
    held = type_id in eligibility.values
    if comparator in {"Exists", "DoesNotExist"}:
        return held is (comparator == "Exists")
    value = eligibility.values.get(type_id)
    if value is None:
        return False
    wanted: Sequence[int] = requirement.get("IntegerValues", ())
    if comparator in {"In", "NotIn"}:
        return (value in wanted) == (comparator == "In")
    return all(_COMPARE[comparator](value, number) for number in wanted)


def _at_home(comparator: str, places: Sequence[Mapping[str, str]], eligibility: Eligibility) -> bool:
    if not eligibility.country:
        return False
    if comparator in {"Exists", "DoesNotExist"}:
        return comparator == "Exists"
    inside = any(
        place["Country"].upper() == eligibility.country
        and place.get("Subdivision", eligibility.subdivision).upper() == eligibility.subdivision
        for place in places
    )
    return inside == (comparator in {"EqualTo", "In"})


def _decided(db: Session, worker: Worker, status: AssignmentStatus) -> int:
    query = select(func.count()).where(Assignment.worker_id == worker.id, Assignment.status == status)
    return db.scalar(query) or 0

"""Orders of the list of exclusions."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ScalarSelect, case, func, select
from sqlalchemy.sql.elements import SQLCoreOperations

from keytrail.models import (
    ActionKind,
    ActionState,
    Exclusion,
    Membership,
    PlatformAction,
    Study,
    User,
    Worker,
    WorkerPerson,
)
from keytrail.platform_actions.exclusion_states import REQUESTS, STATES_AFTER, PlatformExclusionState

EXCLUSION_ORDERS: Final = ("-excluded", "worker", "reason", "platform")
"""As in addresses, in the direction that comes first; a minus sign stands for descending. The first is the default."""


def exclusion_keys(owner: User) -> Mapping[str, SQLCoreOperations[Any]]:
    """Return what each order of an owner's exclusions compares: names by the first study that is shown."""
    return {
        "excluded": Exclusion.id,
        "worker": func.coalesce(_first_name(owner), ""),
        "reason": func.lower(Exclusion.reason),
        "platform": func.coalesce(_platform_rank(owner), PlatformExclusionState.NOT_ASKED.rank),
    }


def _first_name(owner: User) -> ScalarSelect[str]:
    return (
        select(func.lower(Study.title + ": " + Worker.pseudonym))
        .select_from(WorkerPerson)
        .join(Worker, Worker.id == WorkerPerson.worker_id)
        .join(Study, Study.id == Worker.study_id)
        .join(Membership, (Membership.study_id == Study.id) & (Membership.user_id == owner.id))
        .where(WorkerPerson.owner_id == owner.id, WorkerPerson.person == Exclusion.person)
        .order_by(Study.id)
        .limit(1)
        .correlate(Exclusion)
        .scalar_subquery()
    )


def _platform_rank(owner: User) -> ScalarSelect[int]:
    ranks = {state: after.rank for state, after in STATES_AFTER.items()}
    asked = case((PlatformAction.kind == ActionKind.EXCLUDE, case(ranks, value=PlatformAction.state)))
    return (
        select(asked)
        .join(WorkerPerson, WorkerPerson.worker_id == PlatformAction.worker_id)
        .where(WorkerPerson.owner_id == owner.id, WorkerPerson.person == Exclusion.person)
        .where(PlatformAction.kind.in_(REQUESTS), PlatformAction.state != ActionState.CANCELLED)
        .order_by(PlatformAction.id.desc())
        .limit(1)
        .correlate(Exclusion)
        .scalar_subquery()
    )

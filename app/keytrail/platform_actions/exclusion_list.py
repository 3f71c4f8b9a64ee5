"""List an owner's exclusions with their state at the platforms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session

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
from keytrail.platform_actions.exclusion_orders import exclusion_keys
from keytrail.platform_actions.exclusion_states import REQUESTS, STATES_AFTER, PlatformExclusionState
from keytrail.platforms import Capability
from keytrail.platforms.registry import capabilities_of, platform_label
from keytrail.sorted_pages import SortedPage, sorted_rows


@dataclass(frozen=True)
class PlatformExclusion:
    """The state at one platform: `since` is when it answered, `outcome` its answer, `study` whose Payments has the
    action.

    `instead` says what to do where Keytrail cannot request it.
    """

    state: PlatformExclusionState
    label: str = ""
    instead: str = ""
    since: datetime | None = None
    outcome: str = ""
    study: str = ""


@dataclass(frozen=True)
class TookPart:
    """A study in which the person took part, and their pseudonym there."""

    slug: str
    title: str
    worker: str


@dataclass(frozen=True)
class ExcludedWorker:
    """One excluded person. `left` counts studies in which the owner has no role any more; they are not named."""

    id: int
    reason: str
    by: str
    since: datetime
    studies: Sequence[TookPart]
    left: int
    platform: PlatformExclusion


@dataclass
class _Person:
    studies: list[TookPart] = field(default_factory=list)
    left: int = 0
    platform: str = ""


def list_exclusions(
    db: Session, owner: User, words: str, page: SortedPage
) -> tuple[Sequence[ExcludedWorker], int | None]:
    """Return a page of the owner's exclusions, and the `place` of the next one (None at the end). Three statements.

    `words` are in the reason or a study's title, or begin a pseudonym; empty for all. The page's order is one of
    `EXCLUSION_ORDERS` or its opposite.
    """
    query = select(Exclusion, User.name).outerjoin(User, User.id == Exclusion.created_by_id)
    query = query.where(Exclusion.owner_id == owner.id)
    if words:
        query = query.where(_matching(words, owner))
    rows, following = sorted_rows(db, query, exclusion_keys(owner), Exclusion.id, page)
    names = [exclusion.person for exclusion, _, _ in rows]
    persons, asked = _persons(db, owner, names), _asked(db, owner, names)
    lines = []
    for exclusion, by, _ in rows:
        person = persons.get(exclusion.person, _Person())
        platform = _platform(person, asked.get(exclusion.person))
        lines.append(
            ExcludedWorker(
                exclusion.id, exclusion.reason, by or "", exclusion.created_at, person.studies, person.left, platform
            )
        )
    return lines, following


def _matching(words: str, owner: User) -> ColumnElement[bool]:
    known = (
        select(WorkerPerson.person)
        .join(Worker, Worker.id == WorkerPerson.worker_id)
        .join(Study, Study.id == Worker.study_id)
        .join(Membership, (Membership.study_id == Study.id) & (Membership.user_id == owner.id))
        .where(WorkerPerson.owner_id == owner.id)
        .where(or_(Worker.pseudonym.startswith(words, autoescape=True), Study.title.icontains(words, autoescape=True)))
    )
    return or_(Exclusion.reason.icontains(words, autoescape=True), Exclusion.person.in_(known))


def _persons(db: Session, owner: User, names: Sequence[str]) -> Mapping[str, _Person]:
    rows: Sequence[Any] = db.execute(
        select(WorkerPerson.person, Worker.pseudonym, Study.slug, Study.title, Study.platform, Membership.role)
        .join(Worker, Worker.id == WorkerPerson.worker_id)
        .join(Study, Study.id == Worker.study_id)
        .outerjoin(Membership, (Membership.study_id == Study.id) & (Membership.user_id == owner.id))
        .where(WorkerPerson.owner_id == owner.id, WorkerPerson.person.in_(names))
        .order_by(Study.id)
    ).all()
    found: dict[str, _Person] = {}
    for name, worker, slug, title, platform, role in rows:
        person = found.setdefault(name, _Person(platform=platform))
        if role is None:
            person.left += 1
        else:
            person.studies.append(TookPart(slug, title, worker))
    return found


def _asked(db: Session, owner: User, names: Sequence[str]) -> Mapping[str, tuple[PlatformAction, str]]:
    """Return the latest request to the platform about each person, with the study's address, without cancelled ones.

    Security: empty instead of the address of a study in which the owner has no role any more.
    """
    rows = db.execute(
        select(WorkerPerson.person, PlatformAction, case((Membership.user_id.is_(None), ""), else_=Study.slug))
        .join(PlatformAction, PlatformAction.worker_id == WorkerPerson.worker_id)
        .join(Study, Study.id == PlatformAction.study_id)
        .outerjoin(Membership, (Membership.study_id == Study.id) & (Membership.user_id == owner.id))
        .where(WorkerPerson.owner_id == owner.id, WorkerPerson.person.in_(names))
        .where(PlatformAction.kind.in_(REQUESTS), PlatformAction.state != ActionState.CANCELLED)
        .order_by(PlatformAction.id)
    )
    return {name: (action, slug) for name, action, slug in rows}


def _platform(person: _Person, asked: tuple[PlatformAction, str] | None) -> PlatformExclusion:
    label = platform_label(person.platform) if person.platform else ""
    if asked is not None and asked[0].kind == ActionKind.EXCLUDE:
        action, slug = asked
        return PlatformExclusion(
            STATES_AFTER[ActionState(action.state)], label, since=action.ended_at, outcome=action.outcome, study=slug
        )
    capabilities = capabilities_of(person.platform) if person.platform else None
    if capabilities is None or not capabilities.can(Capability.EXCLUDE):
        return PlatformExclusion(
            PlatformExclusionState.UNABLE,
            label,
            instead=capabilities.instead(Capability.EXCLUDE) if capabilities else "",
        )
    return PlatformExclusion(PlatformExclusionState.NOT_ASKED, label)

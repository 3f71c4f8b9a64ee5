"""Filters in an address and their form, shared by lists, the queue and exports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta, tzinfo
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest
from keytrail.models import Study
from keytrail.requester.addresses import number
from keytrail.requester.wording import VERDICTS, decision_states
from keytrail.review.queue.filters import Filters, Range
from keytrail.review.queue.listing import items_of_study, reviewers_of_study
from keytrail.synthetic.rules import RULES
from keytrail.web.timezones import zone_of

_LONGEST = 200
_MOST_LISTED = 100
"""Items that a list can hold so that one can find one."""
_DAY = len("2026-03-31")


@dataclass(frozen=True)
class ChosenFilters:
    """The filters as they stand in an address; empty means any. `zone` is whose days `since` and `until` name."""

    verdict: str = ""
    finding: str = ""
    item: str = ""
    condition: str = ""
    worker: str = ""
    decision: str = ""
    reviewer: str = ""
    since: str = ""
    until: str = ""
    words: str = ""
    arrived: str = ""
    minutes: str = ""
    zone: str = ""

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> "ChosenFilters":
        """Read them from query parameters, ignoring others."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: value.strip()[:_LONGEST] for name, value in values.items() if name in names})

    @classmethod
    def from_query(cls, query: str) -> "ChosenFilters":
        """Read them from the part of an address after the `?`."""
        return cls.from_values(dict(parse_qsl(query)))

    @property
    def any(self) -> bool:
        """Whether anything is chosen."""
        return any(asdict(self.but(zone="")).values())

    def but(self, **other: str) -> "ChosenFilters":
        """Return them with other values for some."""
        return replace(self, **other)

    def query(self, **more: str) -> str:
        """The part of an address after the `?`; what is empty is left out."""
        zone = self.zone if self.since or self.until else ""
        return urlencode({name: value for name, value in {**asdict(self.but(zone=zone)), **more}.items() if value})

    def address(self, path: str, **more: str) -> str:
        """Return a whole address."""
        query = self.query(**more)
        return f"{path}?{query}" if query else path

    def filters(self, before: int | None = None) -> Filters:
        """For the read side. Raises BadRequest for a day that is none."""
        zone = zone_of(self.zone).info
        return Filters(
            verdict=self.verdict or None,
            finding=self.finding or None,
            item=self.item or None,
            condition=self.condition or None,
            worker=self.worker or None,
            decision=self.decision or None,
            reviewer=number(self.reviewer, "'reviewer'"),
            since=_moment(self.since, zone),
            until=_moment(self.until, zone, end=True),
            words=self.words or None,
            arrived=_range(self.arrived),
            minutes=_range(self.minutes),
            before=before,
        )


def _chosen(request: Request) -> ChosenFilters:
    return ChosenFilters.from_values(request.query_params)


CurrentFilters = Annotated[ChosenFilters, Depends(_chosen)]


def _range(value: str) -> Range | None:
    """Parse `10-20`: more than 10 and at most 20; either may be missing."""
    if not value:
        return None
    low, dash, high = value.partition("-")
    try:
        found = Range(float(low) if low else None, float(high) if high else None)
    except ValueError:
        found = None
    if not dash or found is None:
        raise BadRequest("Enter a range as FROM-TO, for example 10-20.")
    return found


def _moment(value: str, zone: tzinfo, *, end: bool = False) -> datetime | None:
    """A day or a moment in a zone; the `end` of a day is the next midnight. Raises BadRequest for anything else."""
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
        return moment + timedelta(days=1) if end and len(value) <= _DAY else moment
    except (ValueError, OverflowError):
        raise BadRequest("Enter a date as YYYY-MM-DD, for example 2026-03-31.") from None


@dataclass(frozen=True)
class FilterChoice:
    """One option of a filter's list."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class FilterForm:
    """The filters with the values they may take. `conditions` are none where the study compares none.

    `items` is None where there are too many to choose from a list: then the field suggests what fits.
    """

    action: str
    slug: str
    chosen: ChosenFilters
    verdicts: Sequence[FilterChoice]
    findings: Sequence[FilterChoice]
    items: Sequence[FilterChoice] | None
    conditions: Sequence[FilterChoice]
    decisions: Sequence[FilterChoice]
    reviewers: Sequence[FilterChoice]


def filter_form(db: Session, study: Study, chosen: ChosenFilters, action: str) -> FilterForm:
    """The form for one study; two statements."""
    items = items_of_study(db, study.id, _MOST_LISTED + 1)
    return FilterForm(
        action=action,
        slug=study.slug,
        chosen=chosen,
        verdicts=_choices(((key, word.label) for key, word in VERDICTS.items()), chosen.verdict),
        findings=_choices(((rule.id, rule.title) for rule in RULES.values()), chosen.finding),
        items=None if len(items) > _MOST_LISTED else _choices(((k, title or k) for k, title in items), chosen.item),
        conditions=_choices(((name, name) for name in _conditions(study, chosen)), chosen.condition),
        decisions=_choices(decision_states(study.reviews_per_submission).items(), chosen.decision),
        reviewers=_choices(((str(user), name) for user, name in reviewers_of_study(db, study.id)), chosen.reviewer),
    )


def _conditions(study: Study, chosen: ChosenFilters) -> Sequence[str]:
    """Return the study's conditions, and one in the address that the study no longer has."""
    names = [str(condition["name"]) for condition in study.conditions]
    return names if chosen.condition in {"", *names} else [*names, chosen.condition]


def _choices(labels: Iterable[tuple[str, str]], chosen: str) -> Sequence[FilterChoice]:
    return [FilterChoice(value, label, value == chosen) for value, label in labels]

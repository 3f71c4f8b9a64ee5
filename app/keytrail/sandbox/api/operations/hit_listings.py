"""Operations that list HITs."""

from sqlalchemy import Select, exists, func, select

from keytrail.sandbox.api.call import Answer, Call, Parameters
from keytrail.sandbox.api.paging import Order, listing, page_of
from keytrail.sandbox.api.records import hit_record
from keytrail.sandbox.market.places import places_of
from keytrail.sandbox.market.qualifications import get_type
from keytrail.sandbox.tables import Hit, HitStatus, HitType

_NEWEST_FIRST = Order(Hit.created_at, Hit.id, newest_first=True)


def list_all(call: Call, parameters: Parameters) -> Answer:
    """ListHITs: all except disposed ones."""
    return _list(call, _present(), parameters)


def list_reviewable(call: Call, parameters: Parameters) -> Answer:
    """ListReviewableHITs: Reviewable ones unless Status asks for Reviewing."""
    query = select(Hit).where(Hit.status == parameters.get("Status", HitStatus.REVIEWABLE))
    if "HITTypeId" in parameters:
        query = query.where(Hit.type_id == parameters["HITTypeId"])
    return _list(call, query, parameters)


def list_for_qualification_type(call: Call, parameters: Parameters) -> Answer:
    """ListHITsForQualificationType."""
    kind = get_type(call.db, parameters["QualificationTypeId"])
    asked = func.json_each(HitType.requirements).table_valued("value")
    uses = exists(
        select(HitType.id).where(
            HitType.id == Hit.type_id,
            exists(select(asked.c.value).where(func.json_extract(asked.c.value, "$.QualificationTypeId") == kind.id)),
        )
    )
    return _list(call, _present().where(uses), parameters)


def _present() -> Select[Hit]:
    return select(Hit).where(Hit.status != HitStatus.DISPOSED)


def _list(call: Call, query: Select[Hit], parameters: Parameters) -> Answer:
    hits, token = page_of(call, query, _NEWEST_FIRST, parameters)
    places = places_of(call.db, hits, call.now)
    return listing("HITs", [hit_record(hit, places[hit.id]) for hit in hits], token)

"""Operations on HITs and HIT types: create, get, extend, expire, delete."""

from datetime import timedelta

from keytrail.sandbox.api.call import Answer, Call, Parameters, instant, short, within
from keytrail.sandbox.api.records import Record, hit_record
from keytrail.sandbox.market.faults import NotOffered, RequestFault, invalid
from keytrail.sandbox.market.hits import (
    HitTypeValues,
    NewHit,
    dispose,
    extend,
    get_hit,
    get_type,
    publish,
    register_type,
    require_state,
    set_expiration,
    set_reviewing,
)
from keytrail.sandbox.market.money import to_cents
from keytrail.sandbox.market.places import places_of
from keytrail.sandbox.market.question import parse_question, require_frameable
from keytrail.sandbox.market.requirements import checked_requirements
from keytrail.sandbox.market.review_policy import checked_policy
from keytrail.sandbox.market.tokens import earlier_result, refuse_repeat, remember
from keytrail.sandbox.tables import Hit, HitStatus, HitType

# Ranges and defaults from AWSMturkAPI, "CreateHIT"; seconds.
_YEAR = 31_536_000
_MONTH = 2_592_000
_SHORTEST = 30
_MOST_ASSIGNMENTS = 1_000_000_000
_TOKENS = "HIT"


def create_type(call: Call, parameters: Parameters) -> Answer:
    """CreateHITType."""
    return {"HITTypeId": _type_of(call, parameters).id}


def create(call: Call, parameters: Parameters) -> Answer:
    """CreateHIT: a HIT type and a HIT in one call."""
    _refuse_second(call, parameters)
    return _publish(call, _type_of(call, parameters), parameters)


def create_with_type(call: Call, parameters: Parameters) -> Answer:
    """CreateHITWithHITType."""
    _refuse_second(call, parameters)
    return _publish(call, get_type(call.db, parameters["HITTypeId"]), parameters)


def get(call: Call, parameters: Parameters) -> Answer:
    """GetHIT."""
    return {"HIT": record(call, get_hit(call.db, parameters["HITId"]))}


def delete(call: Call, parameters: Parameters) -> Answer:
    """DeleteHIT."""
    dispose(call.db, get_hit(call.db, parameters["HITId"]), call.now)
    return {}


def create_additional_assignments(call: Call, parameters: Parameters) -> Answer:
    """CreateAdditionalAssignmentsForHIT."""
    token = parameters.get("UniqueRequestToken")
    refuse_repeat(call.db, "CreateAdditionalAssignmentsForHIT", token, call.now)
    hit = get_hit(call.db, parameters["HITId"])
    number = parameters["NumberOfAdditionalAssignments"]
    extend(call.db, hit, within("NumberOfAdditionalAssignments", number, 1, _MOST_ASSIGNMENTS), call.now)
    call.require_funds()
    remember(call.db, "CreateAdditionalAssignmentsForHIT", token, call.request_id, call.now)
    return {}


def update_expiration(call: Call, parameters: Parameters) -> Answer:
    """UpdateExpirationForHIT."""
    hit = get_hit(call.db, parameters["HITId"])
    set_expiration(call.db, hit, instant(parameters["ExpireAt"]), call.now)
    call.require_funds()
    return {}


def update_review_status(call: Call, parameters: Parameters) -> Answer:
    """UpdateHITReviewStatus."""
    set_reviewing(get_hit(call.db, parameters["HITId"]), revert=parameters.get("Revert", False))
    return {}


def update_type(call: Call, parameters: Parameters) -> Answer:
    """UpdateHITTypeOfHIT."""
    hit = get_hit(call.db, parameters["HITId"])
    require_state(hit, HitStatus.ASSIGNABLE, HitStatus.UNASSIGNABLE, HitStatus.REVIEWABLE, HitStatus.REVIEWING)
    hit.type = get_type(call.db, parameters["HITTypeId"])
    call.require_funds()
    return {}


def record(call: Call, hit: Hit) -> Record:
    """Return the HIT's current record."""
    return hit_record(hit, places_of(call.db, [hit], call.now)[hit.id])


def _publish(call: Call, kind: HitType, parameters: Parameters) -> Answer:
    if "HITLayoutId" in parameters:
        raise NotOffered("HIT layouts; give the Question itself")
    if "Question" not in parameters:
        raise invalid("Either a Question parameter or a HITLayoutId parameter must be provided.")
    require_frameable(parse_question(parameters["Question"]), call.public_origin)
    new = NewHit(
        question=parameters["Question"],
        max_assignments=within("MaxAssignments", parameters.get("MaxAssignments", 1), 1, _MOST_ASSIGNMENTS),
        lifetime=timedelta(seconds=within("LifetimeInSeconds", parameters["LifetimeInSeconds"], _SHORTEST, _YEAR)),
        annotation=short("RequesterAnnotation", parameters.get("RequesterAnnotation", ""), 255) or None,
        review_policy=checked_policy(parameters),
    )
    hit = publish(call.db, kind, new, call.now)
    call.require_funds()
    remember(call.db, _TOKENS, parameters.get("UniqueRequestToken"), hit.id, call.now)
    return {"HIT": record(call, hit)}


def _refuse_second(call: Call, parameters: Parameters) -> None:
    token = parameters.get("UniqueRequestToken")
    earlier = earlier_result(call.db, _TOKENS, token, call.now)
    if earlier is not None:
        raise RequestFault("HitAlreadyExists", f'The HIT with ID "{earlier}" already exists.')


def _type_of(call: Call, parameters: Parameters) -> HitType:
    delay = parameters.get("AutoApprovalDelayInSeconds", _MONTH)
    duration = parameters["AssignmentDurationInSeconds"]
    values = HitTypeValues(
        title=short("Title", parameters["Title"], 128, 1),
        description=short("Description", parameters["Description"], 2000, 1),
        keywords=short("Keywords", parameters.get("Keywords", ""), 1000),
        reward_cents=to_cents(parameters["Reward"]),
        duration_s=within("AssignmentDurationInSeconds", duration, _SHORTEST, _YEAR),
        approval_delay_s=within("AutoApprovalDelayInSeconds", delay, 0, _MONTH),
        requirements=checked_requirements(call.db, parameters.get("QualificationRequirements", [])),
    )
    return register_type(call.db, values, call.now)

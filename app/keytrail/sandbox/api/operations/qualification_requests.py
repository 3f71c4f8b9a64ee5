"""Operations on workers' qualification requests."""

from sqlalchemy import select

from keytrail.sandbox.api.call import Answer, Call, Parameters
from keytrail.sandbox.api.paging import Order, listing, page_of
from keytrail.sandbox.api.records import qualification_request_record
from keytrail.sandbox.market.messages import send_message
from keytrail.sandbox.market.qualifications import get_open_request, get_own_type, get_worker, grant
from keytrail.sandbox.tables import QualificationRequest

_IN_ORDER = Order(QualificationRequest.requested_at, QualificationRequest.id)


def list_open(call: Call, parameters: Parameters) -> Answer:
    """ListQualificationRequests: those without an answer."""
    query = select(QualificationRequest).where(QualificationRequest.outcome.is_(None))
    if "QualificationTypeId" in parameters:
        kind = get_own_type(call.db, parameters["QualificationTypeId"])
        query = query.where(QualificationRequest.type_id == kind.id)
    rows, token = page_of(call, query, _IN_ORDER, parameters)
    return listing("QualificationRequests", [qualification_request_record(row) for row in rows], token)


def accept(call: Call, parameters: Parameters) -> Answer:
    """AcceptQualificationRequest. The value is 1 by default."""
    request = get_open_request(call.db, parameters["QualificationRequestId"])
    kind = get_own_type(call.db, request.type_id)
    request.outcome = "Granted"
    grant(call.db, kind, get_worker(call.db, request.worker_id), parameters.get("IntegerValue", 1), call.now)
    send_message(
        call.db, request.worker_id, f"You were given the qualification “{kind.name}”", kind.description, call.now
    )
    return {}


def reject(call: Call, parameters: Parameters) -> Answer:
    """RejectQualificationRequest."""
    request = get_open_request(call.db, parameters["QualificationRequestId"])
    kind = get_own_type(call.db, request.type_id)
    request.outcome = "Rejected"
    reason = parameters.get("Reason", "")
    send_message(
        call.db, request.worker_id, f"Your request for the qualification “{kind.name}” was declined", reason, call.now
    )
    return {}

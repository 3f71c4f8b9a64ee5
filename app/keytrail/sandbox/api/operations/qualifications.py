"""Operations on workers' qualifications: associate, disassociate, list."""

from sqlalchemy import select

from keytrail.sandbox.api.call import Answer, Call, Parameters
from keytrail.sandbox.api.paging import Order, listing, page_of
from keytrail.sandbox.api.records import qualification_record
from keytrail.sandbox.market.messages import send_message
from keytrail.sandbox.market.qualifications import get_held, get_own_type, get_worker, grant, revoke
from keytrail.sandbox.tables import Qualification

_IN_ORDER = Order(Qualification.granted_at, Qualification.worker_id)


def associate(call: Call, parameters: Parameters) -> Answer:
    """AssociateQualificationWithWorker; by default the value is 1 and the worker is notified."""
    kind = get_own_type(call.db, parameters["QualificationTypeId"])
    worker = get_worker(call.db, parameters["WorkerId"])
    grant(call.db, kind, worker, parameters.get("IntegerValue", 1), call.now)
    if parameters.get("SendNotification", True):
        send_message(call.db, worker.id, f"You were given the qualification “{kind.name}”", kind.description, call.now)
    return {}


def disassociate(call: Call, parameters: Parameters) -> Answer:
    """DisassociateQualificationFromWorker."""
    kind = get_own_type(call.db, parameters["QualificationTypeId"])
    revoke(call.db, kind, get_worker(call.db, parameters["WorkerId"]), parameters.get("Reason", ""), call.now)
    return {}


def get_score(call: Call, parameters: Parameters) -> Answer:
    """GetQualificationScore."""
    kind = get_own_type(call.db, parameters["QualificationTypeId"])
    return {"Qualification": qualification_record(get_held(call.db, kind, parameters["WorkerId"]))}


def list_workers(call: Call, parameters: Parameters) -> Answer:
    """ListWorkersWithQualificationType: those who hold it, unless Status asks for Revoked."""
    kind = get_own_type(call.db, parameters["QualificationTypeId"])
    granted = parameters.get("Status", "Granted") == "Granted"
    query = select(Qualification).where(Qualification.type_id == kind.id, Qualification.granted.is_(granted))
    rows, token = page_of(call, query, _IN_ORDER, parameters)
    return listing("Qualifications", [qualification_record(row) for row in rows], token)

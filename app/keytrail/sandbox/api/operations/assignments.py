"""Operations on assignments: get, list, approve, reject."""

from sqlalchemy import select

from keytrail.sandbox.api.call import Answer, Call, Parameters, short
from keytrail.sandbox.api.operations.hits import record
from keytrail.sandbox.api.paging import Order, listing, page_of
from keytrail.sandbox.api.records import assignment_record
from keytrail.sandbox.market import decisions
from keytrail.sandbox.market.faults import NotOffered
from keytrail.sandbox.market.hits import get_hit
from keytrail.sandbox.tables import FINISHED, Assignment

_IN_ORDER = Order(Assignment.submitted_at, Assignment.id)
_FEEDBACK = 1024


def get(call: Call, parameters: Parameters) -> Answer:
    """GetAssignment: submitted work."""
    assignment = decisions.get_finished(call.db, parameters["AssignmentId"])
    hit = get_hit(call.db, assignment.hit_id)
    return {"Assignment": assignment_record(assignment), "HIT": record(call, hit)}


def list_for_hit(call: Call, parameters: Parameters) -> Answer:
    """ListAssignmentsForHIT."""
    hit = get_hit(call.db, parameters["HITId"])
    wanted = parameters.get("AssignmentStatuses") or FINISHED
    query = select(Assignment).where(Assignment.hit_id == hit.id, Assignment.status.in_(wanted))
    rows, token = page_of(call, query, _IN_ORDER, parameters)
    return listing("Assignments", [assignment_record(row) for row in rows], token)


def approve(call: Call, parameters: Parameters) -> Answer:
    """ApproveAssignment."""
    assignment = decisions.get_decidable(call.db, parameters["AssignmentId"])
    hit = get_hit(call.db, assignment.hit_id)
    override = parameters.get("OverrideRejection", False)
    decisions.require_approvable(hit, assignment, call.now, override=override)
    if "RequesterFeedback" in parameters:
        assignment.feedback = short("RequesterFeedback", parameters["RequesterFeedback"], _FEEDBACK)
    decisions.approve(call.db, hit, assignment, call.rates, call.now)
    call.require_funds()
    return {}


def reject(call: Call, parameters: Parameters) -> Answer:
    """RejectAssignment."""
    assignment = decisions.get_decidable(call.db, parameters["AssignmentId"])
    decisions.require_rejectable(assignment)
    assignment.feedback = short("RequesterFeedback", parameters["RequesterFeedback"], _FEEDBACK)
    decisions.reject(call.db, get_hit(call.db, assignment.hit_id), assignment, call.now)
    return {}


def get_file_upload_url(_call: Call, _parameters: Parameters) -> Answer:
    """GetFileUploadURL: files belong to QuestionForm, which is not offered."""
    raise NotOffered("file uploads")

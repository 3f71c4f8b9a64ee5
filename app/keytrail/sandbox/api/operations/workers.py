"""Operations on workers: block, unblock, notify."""

from sqlalchemy import exists, select

from keytrail.sandbox.api.call import Answer, Call, Parameters, short, within
from keytrail.sandbox.api.paging import Order, listing, page_of
from keytrail.sandbox.market.faults import invalid
from keytrail.sandbox.market.messages import send_message
from keytrail.sandbox.market.qualifications import get_worker
from keytrail.sandbox.tables import Assignment, AssignmentStatus, Block, Worker

_IN_ORDER = Order(Block.blocked_at, Block.worker_id)
_DECIDED = [AssignmentStatus.APPROVED, AssignmentStatus.REJECTED]


def block(call: Call, parameters: Parameters) -> Answer:
    """CreateWorkerBlock; blocking again changes the reason."""
    worker = get_worker(call.db, parameters["WorkerId"])
    call.db.merge(Block(worker_id=worker.id, reason=parameters["Reason"], blocked_at=call.now))
    return {}


def unblock(call: Call, parameters: Parameters) -> Answer:
    """DeleteWorkerBlock; not an error for a worker who is not blocked."""
    if call.db.get(Worker, parameters["WorkerId"]) is None:
        raise invalid("WorkerId is invalid.")
    known = call.db.get(Block, parameters["WorkerId"])
    if known is not None:
        call.db.delete(known)
    return {}


def list_blocks(call: Call, parameters: Parameters) -> Answer:
    """ListWorkerBlocks."""
    rows, token = page_of(call, select(Block), _IN_ORDER, parameters)
    return listing("WorkerBlocks", [{"WorkerId": row.worker_id, "Reason": row.reason} for row in rows], token)


def notify(call: Call, parameters: Parameters) -> Answer:
    """NotifyWorkers: delivered to inboxes; as on MTurk only to workers whose work the requester has approved or
    rejected.
    """
    ids = parameters["WorkerIds"]
    within("Number of WorkerIds", len(ids), 1, 100)
    subject = short("Subject", parameters["Subject"], 200, 1)
    text = short("MessageText", parameters["MessageText"], 4096, 1)
    failures = []
    for worker_id in dict.fromkeys(ids):
        problem = _obstacle(call, worker_id)
        if problem is None:
            send_message(call.db, worker_id, subject, text, call.now)
        else:
            failures.append(
                {
                    "NotifyWorkersFailureCode": "HardFailure",
                    "NotifyWorkersFailureMessage": problem,
                    "WorkerId": worker_id,
                }
            )
    return {"NotifyWorkersFailureStatuses": failures}


def _obstacle(call: Call, worker_id: str) -> str | None:
    if call.db.get(Worker, worker_id) is None:
        return "There is no worker of this id."
    decided = exists().where(Assignment.worker_id == worker_id, Assignment.status.in_(_DECIDED))
    if not call.db.scalar(select(decided)):
        return "A message can be sent only to a worker whose work you have approved or rejected."
    return None

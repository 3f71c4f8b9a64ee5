"""Operations on payments: balance and bonuses."""

from sqlalchemy import select

from keytrail.sandbox.api.call import Answer, Call, Parameters, short, within
from keytrail.sandbox.api.paging import Order, listing, page_of
from keytrail.sandbox.api.records import bonus_record
from keytrail.sandbox.market.account import balance
from keytrail.sandbox.market.decisions import get_finished, give_bonus
from keytrail.sandbox.market.faults import invalid
from keytrail.sandbox.market.hits import get_hit
from keytrail.sandbox.market.money import to_cents, to_dollars
from keytrail.sandbox.market.tokens import refuse_repeat, remember
from keytrail.sandbox.tables import Assignment, Bonus

_LARGEST_BONUS_CENTS = 10_000_00
_IN_ORDER = Order(Bonus.granted_at, Bonus.id)


def get_balance(call: Call, _parameters: Parameters) -> Answer:
    """GetAccountBalance."""
    account = balance(call.db, call.now, call.rates)
    return {"AvailableBalance": to_dollars(account.available), "OnHoldBalance": to_dollars(account.held)}


def send_bonus(call: Call, parameters: Parameters) -> Answer:
    """SendBonus."""
    token = parameters.get("UniqueRequestToken")
    refuse_repeat(call.db, "SendBonus", token, call.now)
    assignment = get_finished(call.db, parameters["AssignmentId"])
    if assignment.worker_id != parameters["WorkerId"]:
        raise invalid(f"Assignment {assignment.id} is not of Worker {parameters['WorkerId']}.")
    cents = within("BonusAmount in cents", to_cents(parameters["BonusAmount"]), 1, _LARGEST_BONUS_CENTS)
    reason = short("Reason", parameters["Reason"], 4096, 1)
    give_bonus(call.db, assignment, cents, reason, call.rates, call.now)
    call.require_funds()
    remember(call.db, "SendBonus", token, call.request_id, call.now)
    return {}


def list_bonuses(call: Call, parameters: Parameters) -> Answer:
    """ListBonusPayments: of a HIT or of an assignment."""
    query = select(Bonus)
    if "AssignmentId" in parameters:
        query = query.where(Bonus.assignment_id == get_finished(call.db, parameters["AssignmentId"]).id)
    elif "HITId" in parameters:
        of_hit = select(Assignment.id).where(Assignment.hit_id == get_hit(call.db, parameters["HITId"]).id)
        query = query.where(Bonus.assignment_id.in_(of_hit))
    else:
        raise invalid("Either HITId or AssignmentId must be given.")
    rows, token = page_of(call, query, _IN_ORDER, parameters)
    return listing("BonusPayments", [bonus_record(row) for row in rows], token)

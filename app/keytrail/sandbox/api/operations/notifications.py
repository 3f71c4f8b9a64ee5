"""Operations on the requester's notifications."""

from keytrail.sandbox.api.call import Answer, Call, Parameters
from keytrail.sandbox.market.faults import invalid
from keytrail.sandbox.market.hits import get_type
from keytrail.sandbox.tables import Notice


def update_settings(call: Call, parameters: Parameters) -> Answer:
    """UpdateNotificationSettings. Notifications are recorded when they occur, but not sent."""
    kind = get_type(call.db, parameters["HITTypeId"])
    if "Notification" not in parameters and "Active" not in parameters:
        raise invalid("Either Notification or Active must be given.")
    if "Notification" in parameters:
        kind.notification = parameters["Notification"]
        kind.notify = True
    if kind.notification is None:
        raise invalid("This HIT type has no notification specification that could be switched on or off.")
    kind.notify = parameters.get("Active", kind.notify)
    return {}


def send_test(call: Call, parameters: Parameters) -> Answer:
    """SendTestEventNotification: recorded only."""
    destination = parameters["Notification"]["Destination"]
    call.db.add(Notice(event=parameters["TestEventType"], destination=destination, at=call.now))
    return {}

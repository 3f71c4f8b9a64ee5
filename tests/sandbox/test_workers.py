from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from keytrail.sandbox import SandboxConfig
from keytrail.sandbox.store import Store
from keytrail.sandbox.tables import Notice
from tests.sandbox.people import WorkerBrowser, create_hit, refusal
from tests.sandbox.running import Time

SignUp = Callable[..., WorkerBrowser]


def test_a_blocked_worker_cannot_accept(requester: Any, worker: WorkerBrowser) -> None:
    hit_id = create_hit(requester)["HITId"]
    requester.create_worker_block(WorkerId=worker.id, Reason="r")
    assert requester.list_worker_blocks()["WorkerBlocks"] == [{"WorkerId": worker.id, "Reason": "r"}]
    refused = worker.try_to_accept(hit_id)
    assert refused.status_code == 403
    assert "does not let you work" in refused.text
    for _ in range(2):
        requester.delete_worker_block(WorkerId=worker.id)
    assert requester.list_worker_blocks()["NumResults"] == 0
    worker.accept(hit_id)
    for operation in (requester.create_worker_block, requester.delete_worker_block):
        assert refusal(operation, WorkerId="ANOBODY", Reason="r")[0] in {
            "WorkerDoesNotExist",
            "ParameterValidationError",
        }


def test_messages_reach_workers_whose_work_was_decided_on(requester: Any, sign_up: SignUp) -> None:
    ada, bob = sign_up("ada"), sign_up("bob")
    requester.approve_assignment(AssignmentId=ada.work_on(create_hit(requester)["HITId"]))
    failures = requester.notify_workers(
        Subject="Next week", MessageText="A <b>new</b> study", WorkerIds=[ada.id, bob.id, "ANOBODY", ada.id]
    )["NotifyWorkersFailureStatuses"]
    assert [(f["WorkerId"], f["NotifyWorkersFailureCode"]) for f in failures] == [
        (bob.id, "HardFailure"),
        ("ANOBODY", "HardFailure"),
    ]
    assert "Inbox (1)" in ada.client.get("/").text
    inbox = ada.client.get("/inbox").text
    assert "A &lt;b&gt;new&lt;/b&gt; study" in inbox
    assert "Inbox (1)" not in ada.client.get("/").text


@pytest.mark.parametrize(
    "change", [{"Subject": "s" * 201}, {"MessageText": "m" * 4097}, {"WorkerIds": ["A1"] * 101}, {"WorkerIds": []}]
)
def test_limits_of_a_message(requester: Any, change: dict[str, Any]) -> None:
    message = {"Subject": "s", "MessageText": "m", "WorkerIds": ["A1"], **change}
    assert refusal(requester.notify_workers, **message)[0] == "ParameterValidationError"


@pytest.fixture
def recorded(config: SandboxConfig) -> Callable[[], list[str]]:
    def recorded() -> list[str]:
        store = Store(config.database)
        with store.unit() as db:
            events = list(db.scalars(select(Notice.event).order_by(Notice.id)))
        store.close()
        return events

    return recorded


def test_events_are_recorded_where_they_are_asked_for(
    requester: Any, sign_up: SignUp, recorded: Callable[[], list[str]], time: Time
) -> None:
    hit = create_hit(requester, MaxAssignments=3)
    notification = {
        "Destination": "arn:aws:sns:us-east-1:1:topic",
        "Transport": "SNS",
        "Version": "2014-08-15",
        "EventTypes": [
            "AssignmentAccepted", "AssignmentAbandoned", "AssignmentReturned", "AssignmentSubmitted",
            "AssignmentApproved", "AssignmentRejected", "HITExpired", "HITReviewable",
        ],
    }  # fmt: skip
    settings = {"HITTypeId": hit["HITTypeId"]}
    assert refusal(requester.update_notification_settings, **settings)[0] == "ParameterValidationError"
    assert refusal(requester.update_notification_settings, Active=True, **settings)[0] == "ParameterValidationError"
    requester.update_notification_settings(Notification=notification, Active=True, **settings)
    ada, bob = sign_up("ada"), sign_up("bob")
    ada.give_back(ada.accept(hit["HITId"]))
    first, second = ada.work_on(hit["HITId"]), bob.work_on(hit["HITId"])
    requester.approve_assignment(AssignmentId=first)
    requester.reject_assignment(AssignmentId=second, RequesterFeedback="no")
    sign_up("eve").accept(hit["HITId"])
    time.jump(hours=23, minutes=59)
    requester.get_hit(HITId=hit["HITId"])
    time.jump(minutes=1)
    requester.get_hit(HITId=hit["HITId"])
    assert recorded() == [
        "AssignmentAccepted", "AssignmentReturned",
        "AssignmentAccepted", "AssignmentSubmitted", "AssignmentAccepted", "AssignmentSubmitted",
        "AssignmentApproved", "AssignmentRejected",
        "AssignmentAccepted", "AssignmentAbandoned",
        "HITExpired", "HITReviewable",
    ]  # fmt: skip
    requester.update_notification_settings(Active=False, **settings)
    requester.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=0)
    requester.send_test_event_notification(Notification=notification, TestEventType="Ping")
    assert recorded()[12:] == ["Ping"]

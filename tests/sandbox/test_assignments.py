from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.sandbox.people import HOUR, WorkerBrowser, create_hit, hit_state, refusal
from tests.sandbox.running import Time

SignUp = Callable[..., WorkerBrowser]


def statuses(requester: Any, hit_id: str, **filters: Any) -> list[str]:
    listed = requester.list_assignments_for_hit(HITId=hit_id, **filters)["Assignments"]
    return [assignment["AssignmentStatus"] for assignment in listed]


def test_two_workers_from_acceptance_to_decision(requester: Any, sign_up: SignUp, time: Time) -> None:
    hit_id = create_hit(requester, MaxAssignments=2)["HITId"]
    ada, bob = sign_up("ada"), sign_up("bob")
    first = ada.accept(hit_id)
    assert hit_state(requester, hit_id) == ("Assignable", 1, 1, 0)
    second = bob.accept(hit_id)
    assert hit_state(requester, hit_id) == ("Unassignable", 0, 2, 0)
    time.jump(minutes=10)
    ada.submit(first, receipt="r1")
    bob.submit(second, receipt="r2")
    assert hit_state(requester, hit_id) == ("Reviewable", 0, 0, 0)
    requester.approve_assignment(AssignmentId=first, RequesterFeedback="Thank you")
    requester.reject_assignment(AssignmentId=second, RequesterFeedback="The text is about another abstract.")
    assert hit_state(requester, hit_id) == ("Reviewable", 0, 0, 2)
    assert sorted(statuses(requester, hit_id)) == ["Approved", "Rejected"]
    assert statuses(requester, hit_id, AssignmentStatuses=["Rejected"]) == ["Rejected"]


def test_an_assignment_says_everything_about_itself(requester: Any, worker: WorkerBrowser, time: Time) -> None:
    hit_id = create_hit(requester)["HITId"]
    accepted = time.now
    assignment_id = worker.accept(hit_id)
    time.jump(minutes=10)
    worker.submit(assignment_id, receipt="r1", note="a & b")
    answer = requester.get_assignment(AssignmentId=assignment_id)
    assignment = answer["Assignment"]
    assert answer["HIT"]["HITId"] == hit_id
    assert (
        assignment.items()
        >= {
            "AssignmentId": assignment_id,
            "WorkerId": worker.id,
            "HITId": hit_id,
            "AssignmentStatus": "Submitted",
            "AcceptTime": accepted,
            "Deadline": accepted + timedelta(hours=1),
            "SubmitTime": time.now,
            "AutoApprovalTime": time.now + timedelta(hours=72),
        }.items()
    )
    assert "<QuestionIdentifier>note</QuestionIdentifier><FreeText>a &amp; b</FreeText>" in assignment["Answer"]
    assert "ApprovalTime" not in assignment
    requester.approve_assignment(AssignmentId=assignment_id)
    assert requester.get_assignment(AssignmentId=assignment_id)["Assignment"]["ApprovalTime"] == time.now


def test_work_in_progress_is_in_the_wrong_state(requester: Any, worker: WorkerBrowser) -> None:
    hit_id = create_hit(requester)["HITId"]
    assignment_id = worker.accept(hit_id)
    for operation, wanted in (
        (requester.get_assignment, "Reviewable,Approved,Rejected"),
        (requester.approve_assignment, "null"),
    ):
        code, message = refusal(operation, AssignmentId=assignment_id)
        assert code == "InvalidAssignmentState"
        assert message.startswith(f"This operation can be called with a status of: {wanted} (")
    assert statuses(requester, hit_id) == []


def test_work_that_was_given_back_does_not_exist(requester: Any, worker: WorkerBrowser) -> None:
    assignment_id = worker.accept(create_hit(requester)["HITId"])
    worker.give_back(assignment_id)
    for operation in (requester.get_assignment, requester.approve_assignment):
        assert refusal(operation, AssignmentId=assignment_id)[0] == "AssignmentDoesNotExist"


def test_a_decision_is_made_once(requester: Any, sign_up: SignUp) -> None:
    hit_id = create_hit(requester, MaxAssignments=2)["HITId"]
    approved, rejected = sign_up("ada").work_on(hit_id), sign_up("bob").work_on(hit_id)
    requester.approve_assignment(AssignmentId=approved)
    requester.reject_assignment(AssignmentId=rejected, RequesterFeedback="")
    for operation, target in (
        (requester.approve_assignment, approved),
        (requester.approve_assignment, rejected),
    ):
        code, message = refusal(operation, AssignmentId=target)
        assert code == "InvalidAssignmentState"
        assert "This operation can be called with a status of: Submitted" in message
    for target in (approved, rejected):
        again = {"AssignmentId": target, "RequesterFeedback": "again"}
        assert refusal(requester.reject_assignment, **again)[0] == "InvalidAssignmentState"


def test_a_rejection_can_be_overridden_for_thirty_days(requester: Any, sign_up: SignUp, time: Time) -> None:
    hit_id = create_hit(requester, MaxAssignments=2)["HITId"]
    early, late = sign_up("ada").work_on(hit_id), sign_up("bob").work_on(hit_id)
    for assignment in (early, late):
        requester.reject_assignment(AssignmentId=assignment, RequesterFeedback="no")
    time.jump(days=30)
    requester.approve_assignment(AssignmentId=early, OverrideRejection=True)
    decided = requester.get_assignment(AssignmentId=early)["Assignment"]
    assert decided["AssignmentStatus"] == "Approved"
    time.jump(seconds=1)
    too_late = {"AssignmentId": late, "OverrideRejection": True}
    assert refusal(requester.approve_assignment, **too_late)[0] == "InvalidAssignmentState"


def test_a_rejection_in_a_deleted_hit_stands(requester: Any, worker: WorkerBrowser) -> None:
    hit_id = create_hit(requester)["HITId"]
    assignment = worker.work_on(hit_id)
    requester.reject_assignment(AssignmentId=assignment, RequesterFeedback="no")
    requester.delete_hit(HITId=hit_id)
    override = {"AssignmentId": assignment, "OverrideRejection": True}
    assert refusal(requester.approve_assignment, **override)[0] == "InvalidHITState"


def test_work_is_approved_by_itself_in_time(requester: Any, worker: WorkerBrowser, time: Time) -> None:
    hit_id = create_hit(requester, AutoApprovalDelayInSeconds=HOUR)["HITId"]
    assignment = worker.work_on(hit_id)
    time.jump(seconds=HOUR - 1)
    assert statuses(requester, hit_id) == ["Submitted"]
    time.jump(days=2)
    approved = requester.get_assignment(AssignmentId=assignment)["Assignment"]
    assert approved["AssignmentStatus"] == "Approved"
    assert approved["ApprovalTime"] == approved["AutoApprovalTime"]


def test_a_worker_who_takes_too_long_loses_the_place(requester: Any, sign_up: SignUp, time: Time) -> None:
    hit_id = create_hit(requester)["HITId"]
    ada, bob = sign_up("ada"), sign_up("bob")
    lost = ada.accept(hit_id)
    time.jump(seconds=HOUR - 1)
    assert ada.frame(lost)["assignmentId"] == lost
    time.jump(seconds=1)
    assert hit_state(requester, hit_id) == ("Assignable", 1, 0, 0)
    late = ada.submit(lost)
    assert late.status_code == 409
    assert "The time for this assignment ran out" in late.text
    assert bob.accept(hit_id) == lost, "as on MTurk, the id goes to the next worker"
    assert ada.client.get(f"/work/{lost}").status_code == 404
    assert bob.frame(lost)["workerId"] == bob.id


def test_a_returned_place_is_free_again(requester: Any, sign_up: SignUp) -> None:
    hit_id = create_hit(requester)["HITId"]
    ada, bob = sign_up("ada"), sign_up("bob")
    first = ada.accept(hit_id)
    assert bob.try_to_accept(hit_id).status_code == 409
    assert ada.give_back(first).status_code == 303
    assert hit_state(requester, hit_id) == ("Assignable", 1, 0, 0)
    assert "You returned this assignment" in ada.submit(first).text
    assert bob.accept(hit_id) == first, "as on MTurk, the id goes to the next worker"
    bob.submit(first)
    assert requester.get_assignment(AssignmentId=first)["Assignment"]["WorkerId"] == bob.id


def test_whoever_accepts_again_has_the_same_assignment(requester: Any, sign_up: SignUp) -> None:
    hit_id = create_hit(requester, MaxAssignments=2)["HITId"]
    ada, bob = sign_up("ada"), sign_up("bob")
    first = ada.accept(hit_id)
    ada.give_back(first)
    assert ada.accept(hit_id) == first
    assert bob.accept(hit_id) != first


def test_a_worker_does_a_hit_once(requester: Any, worker: WorkerBrowser) -> None:
    hit_id = create_hit(requester, MaxAssignments=5)["HITId"]
    first = worker.accept(hit_id)
    assert worker.accept(hit_id) == first
    worker.submit(first)
    assert worker.try_to_accept(hit_id).status_code == 409
    requester.reject_assignment(AssignmentId=first, RequesterFeedback="no")
    assert worker.try_to_accept(hit_id).status_code == 409


def test_assignments_come_in_pages(requester: Any, sign_up: SignUp, time: Time) -> None:
    hit_id = create_hit(requester, MaxAssignments=5)["HITId"]
    done = []
    for number in range(5):
        done.append(sign_up(f"worker{number}").work_on(hit_id))
        time.jump(seconds=1)
    pages = requester.get_paginator("list_assignments_for_hit").paginate(HITId=hit_id, PaginationConfig={"PageSize": 2})
    assert [a["AssignmentId"] for page in pages for a in page["Assignments"]] == done


def test_a_full_page_of_assignments_names_the_next_which_may_be_empty(requester: Any, sign_up: SignUp) -> None:
    hit_id = create_hit(requester, MaxAssignments=2)["HITId"]
    done = {sign_up(name).work_on(hit_id) for name in ("ada", "bob")}
    full = requester.list_assignments_for_hit(HITId=hit_id, MaxResults=2)
    assert {one["AssignmentId"] for one in full["Assignments"]} == done
    last = requester.list_assignments_for_hit(HITId=hit_id, MaxResults=2, NextToken=full["NextToken"])
    assert (last["Assignments"], last["NumResults"], "NextToken" in last) == ([], 0, False)


def test_files_are_not_offered(requester: Any) -> None:
    asked = {"AssignmentId": "3A", "QuestionIdentifier": "q"}
    assert refusal(requester.get_file_upload_url, **asked)[0] == "Sandbox.NotOffered"

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.people import WorkerBrowser, create_hit, hit_parameters, refusal

SignUp = Callable[..., WorkerBrowser]
NAME = "ScoreMyKnownAnswers/2011-09-01"
ANSWER_KEY = {
    "Key": "AnswerKey",
    "MapEntries": [{"Key": "animal", "Values": ["cat"]}, {"Key": "colours", "Values": ["red"]}],
}


def policy(*parameters: dict[str, Any]) -> dict[str, Any]:
    return {"PolicyName": NAME, "Parameters": list(parameters)}


def setting(key: str, value: str) -> dict[str, Any]:
    return {"Key": key, "Values": [value]}


def test_known_answers_decide(requester: Any, sign_up: SignUp) -> None:
    decided = policy(
        ANSWER_KEY,
        setting("ApproveIfKnownAnswerScoreIsAtLeast", "100"),
        setting("RejectIfKnownAnswerScoreIsLessThan", "50"),
        setting("RejectReason", "The control questions were answered otherwise."),
    )
    hit_id = create_hit(requester, MaxAssignments=3, AssignmentReviewPolicy=decided)["HITId"]
    right = sign_up("ada").work_on(hit_id, animal="cat", colours="red")
    half = sign_up("bob").work_on(hit_id, animal="cat", colours="blue")
    wrong = sign_up("eve").work_on(hit_id, animal="dog", colours="blue")
    listed = requester.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    assert {a["AssignmentId"]: a["AssignmentStatus"] for a in listed} == {
        right: "Approved",
        half: "Submitted",
        wrong: "Rejected",
    }
    feedback = requester.get_assignment(AssignmentId=wrong)["Assignment"]["RequesterFeedback"]
    assert feedback == "The control questions were answered otherwise."
    assert requester.get_account_balance()["AvailableBalance"] == "9998.80"
    report = requester.list_review_policy_results_for_hit(HITId=hit_id)["AssignmentReviewReport"]
    scores = {r["SubjectId"]: r["Value"] for r in report["ReviewResults"] if r["Key"] == "KnownAnswerScore"}
    assert scores == {right: "100", half: "50", wrong: "0"}
    assert {a["TargetId"]: a["ActionName"] for a in report["ReviewActions"]} == {right: "approve", wrong: "reject"}
    bare = requester.list_review_policy_results_for_hit(HITId=hit_id, RetrieveActions=False, RetrieveResults=False)
    assert bare["AssignmentReviewReport"] == {}


def test_results_come_in_pages(requester: Any, sign_up: SignUp) -> None:
    hit_id = create_hit(requester, MaxAssignments=3, AssignmentReviewPolicy=policy(ANSWER_KEY))["HITId"]
    done = {sign_up(name).work_on(hit_id, animal="cat") for name in ("ada", "bob", "eve")}
    pages, seen = 0, set[str]()
    page = requester.list_review_policy_results_for_hit(HITId=hit_id, MaxResults=2)
    while "NextToken" in page:
        pages += 1
        seen |= {result["SubjectId"] for result in page["AssignmentReviewReport"]["ReviewResults"]}
        page = requester.list_review_policy_results_for_hit(HITId=hit_id, MaxResults=2, NextToken=page["NextToken"])
    assert (pages, seen) == (2, done)
    assert page["AssignmentReviewReport"]["ReviewResults"] == []


def test_without_a_policy_there_are_no_results(requester: Any) -> None:
    hit_id = create_hit(requester)["HITId"]
    answer = requester.list_review_policy_results_for_hit(HITId=hit_id)
    assert answer["HITId"] == hit_id
    assert "AssignmentReviewReport" not in answer


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"HITReviewPolicy": {"PolicyName": "SimplePlurality/2011-09-01"}}, "Sandbox.NotOffered"),
        ({"AssignmentReviewPolicy": {"PolicyName": "SimplePlurality/2011-09-01"}}, "Sandbox.NotOffered"),
        (
            {"AssignmentReviewPolicy": policy(ANSWER_KEY, setting("ExtendIfKnownAnswerScoreIsLessThan", "50"))},
            "Sandbox.NotOffered",
        ),
        ({"AssignmentReviewPolicy": policy()}, "ParameterValidationError"),
        (
            {"AssignmentReviewPolicy": policy(ANSWER_KEY, setting("RejectIfKnownAnswerScoreIsLessThan", "102"))},
            "ParameterValidationError",
        ),
    ],
)
def test_policies_that_are_not_offered(requester: Any, parameters: dict[str, Any], code: str) -> None:
    assert refusal(requester.create_hit, **hit_parameters(**parameters))[0] == code

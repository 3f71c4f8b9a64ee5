from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox.people import HOUR, QUESTION, WorkerBrowser, create_hit, hit_parameters, hit_state, refusal
from tests.sandbox.running import Time


def test_a_new_hit_says_everything_about_itself(requester: Any, time: Time) -> None:
    requirement = {
        "QualificationTypeId": "000000000000000000L0",
        "Comparator": "GreaterThanOrEqualTo",
        "IntegerValues": [95],
        "ActionsGuarded": "Accept",
    }
    hit = create_hit(
        requester,
        Keywords="text, summary",
        RequesterAnnotation="item 7",
        MaxAssignments=3,
        QualificationRequirements=[requirement],
    )
    assert len(hit["HITId"]) == len(hit["HITTypeId"]) == len(hit["HITGroupId"]) == 30
    assert (
        hit.items()
        >= {
            "Title": "Summarise an abstract",
            "Keywords": "text, summary",
            "HITStatus": "Assignable",
            "HITReviewStatus": "NotReviewed",
            "Reward": "0.50",
            "MaxAssignments": 3,
            "NumberOfAssignmentsAvailable": 3,
            "NumberOfAssignmentsPending": 0,
            "NumberOfAssignmentsCompleted": 0,
            "RequesterAnnotation": "item 7",
            "Question": QUESTION,
            "AutoApprovalDelayInSeconds": 72 * HOUR,
            "CreationTime": time.now,
            "Expiration": time.now + timedelta(hours=24),
        }.items()
    )
    assert hit["QualificationRequirements"] == [requirement]
    assert requester.get_hit(HITId=hit["HITId"])["HIT"] == hit


def test_times_are_answered_as_they_are_kept(requester: Any, time: Time) -> None:
    time.jump(microseconds=123_999)
    hit = create_hit(requester)
    assert hit["CreationTime"].microsecond == 123_000
    assert requester.get_hit(HITId=hit["HITId"])["HIT"] == hit


def test_equal_values_are_one_hit_type(requester: Any) -> None:
    values = {"Title": "t", "Description": "d", "Reward": "0.5", "AssignmentDurationInSeconds": 60}
    first = requester.create_hit_type(**values)["HITTypeId"]
    assert requester.create_hit_type(**{**values, "Reward": "0.50"})["HITTypeId"] == first
    assert requester.create_hit_type(**{**values, "Reward": "0.51"})["HITTypeId"] != first
    made = requester.create_hit_with_hit_type(HITTypeId=first, LifetimeInSeconds=60, Question=QUESTION)["HIT"]
    assert made["HITTypeId"] == first
    assert made["AutoApprovalDelayInSeconds"] == 30 * 24 * HOUR


def test_things_that_do_not_exist(requester: Any) -> None:
    code, message = refusal(requester.get_hit, HITId="3NOTHING")
    assert code == "HITDoesNotExist"
    assert message.startswith("Hit 3NOTHING does not exist. (")
    parameters = {"HITTypeId": "3NOTHING", "LifetimeInSeconds": 60, "Question": QUESTION}
    assert refusal(requester.create_hit_with_hit_type, **parameters)[0] == "HITTypeDoesNotExist"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("not xml", "XMLParseError"),
        ("<ExternalQuestion><ExternalURL>https://a.example/</ExternalURL></ExternalQuestion>", "XMLParseError"),
        (QUESTION.replace("<FrameHeight>0</FrameHeight>", ""), "XMLParseError"),
        (QUESTION.replace("<FrameHeight>0", "<FrameHeight>tall"), "XMLParseError"),
        (QUESTION.replace("&amp;", "&"), "XMLParseError"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + QUESTION, "XMLParseError"),
        (QUESTION.replace("https:", "javascript:"), "ParameterValidationError"),
        (QUESTION.replace("task.example.org", "a;script-src *"), "ParameterValidationError"),
        (QUESTION.replace("task.example.org", "me@task.example.org"), "ParameterValidationError"),
        (QUESTION + " " * 65_536, "ParameterValidationError"),
        ('<QuestionForm xmlns="http://mechanicalturk.amazonaws.com/QuestionForm.xsd"/>', "XMLParseError"),
    ],
)
def test_questions_that_cannot_be_shown(requester: Any, question: str, code: str) -> None:
    assert refusal(requester.create_hit, **hit_parameters(Question=question))[0] == code


def test_a_hit_needs_a_question_and_layouts_are_not_offered(requester: Any) -> None:
    bare = {name: value for name, value in hit_parameters().items() if name != "Question"}
    assert refusal(requester.create_hit, **bare)[0] == "ParameterValidationError"
    assert refusal(requester.create_hit, HITLayoutId="3LAYOUT", **bare)[0] == "Sandbox.NotOffered"


def test_a_token_makes_one_hit_for_a_day(requester: Any, time: Time) -> None:
    hit = create_hit(requester, UniqueRequestToken="t1")
    code, message = refusal(requester.create_hit, **hit_parameters(UniqueRequestToken="t1", Title="other"))
    assert code == "HitAlreadyExists"
    assert message.startswith(f'The HIT with ID "{hit["HITId"]}" already exists. (')
    again = {"HITTypeId": hit["HITTypeId"], "LifetimeInSeconds": 60, "Question": QUESTION}
    assert refusal(requester.create_hit_with_hit_type, UniqueRequestToken="t1", **again)[0] == "HitAlreadyExists"
    assert requester.list_hits()["NumResults"] == 1
    time.jump(hours=24)
    assert create_hit(requester, UniqueRequestToken="t1")["HITId"] != hit["HITId"]


def test_a_refused_hit_does_not_use_up_its_token(requester: Any) -> None:
    refusal(requester.create_hit, **hit_parameters(Question="not xml", UniqueRequestToken="t1"))
    create_hit(requester, UniqueRequestToken="t1")


def test_more_assignments_once_per_token(requester: Any) -> None:
    hit_id = create_hit(requester)["HITId"]
    more = {"HITId": hit_id, "NumberOfAdditionalAssignments": 2, "UniqueRequestToken": "more"}
    requester.create_additional_assignments_for_hit(**more)
    code, message = refusal(requester.create_additional_assignments_for_hit, **more)
    assert code == "DuplicateRequest"
    assert message.startswith('The idempotency token "more" has already been processed. (')
    assert hit_state(requester, hit_id) == ("Assignable", 3, 0, 0)


def test_a_small_hit_cannot_become_a_large_one(requester: Any) -> None:
    small, large = create_hit(requester, MaxAssignments=9)["HITId"], create_hit(requester, MaxAssignments=10)["HITId"]
    code, _ = refusal(requester.create_additional_assignments_for_hit, HITId=small, NumberOfAdditionalAssignments=1)
    assert code == "InvalidMaximumAssignmentsIncrease"
    requester.create_additional_assignments_for_hit(HITId=large, NumberOfAdditionalAssignments=1)
    assert hit_state(requester, large)[1] == 11


def test_expiring_and_reviving_a_hit(requester: Any, time: Time) -> None:
    hit_id = create_hit(requester)["HITId"]
    requester.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)
    assert hit_state(requester, hit_id) == ("Reviewable", 0, 0, 0)
    assert requester.get_hit(HITId=hit_id)["HIT"]["Expiration"] == time.now
    requester.update_expiration_for_hit(HITId=hit_id, ExpireAt=time.now + timedelta(hours=1))
    assert hit_state(requester, hit_id) == ("Assignable", 1, 0, 0)
    time.jump(hours=1)
    assert hit_state(requester, hit_id) == ("Reviewable", 0, 0, 0)
    far = {"HITId": hit_id, "ExpireAt": time.now + timedelta(days=366)}
    assert refusal(requester.update_expiration_for_hit, **far)[0] == "ParameterValidationError"


def test_an_expired_hit_waits_for_its_last_worker(requester: Any, worker: WorkerBrowser) -> None:
    hit_id = create_hit(requester, MaxAssignments=2)["HITId"]
    assignment = worker.accept(hit_id)
    requester.update_expiration_for_hit(HITId=hit_id, ExpireAt=datetime(2020, 1, 1, tzinfo=UTC))
    assert hit_state(requester, hit_id) == ("Unassignable", 0, 1, 0)
    worker.submit(assignment)
    assert hit_state(requester, hit_id) == ("Reviewable", 0, 0, 0)


def test_reviewing_and_back(requester: Any) -> None:
    hit_id = create_hit(requester)["HITId"]
    assert refusal(requester.update_hit_review_status, HITId=hit_id)[0] == "InvalidHITState"
    requester.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)
    requester.update_hit_review_status(HITId=hit_id)
    assert hit_state(requester, hit_id)[0] == "Reviewing"
    assert requester.list_reviewable_hits()["NumResults"] == 0
    assert requester.list_reviewable_hits(Status="Reviewing")["NumResults"] == 1
    requester.update_hit_review_status(HITId=hit_id, Revert=True)
    assert requester.list_reviewable_hits()["HITs"][0]["HITId"] == hit_id


def test_deleting_needs_a_finished_hit(requester: Any, worker: WorkerBrowser) -> None:
    hit_id = create_hit(requester)["HITId"]
    code, message = refusal(requester.delete_hit, HITId=hit_id)
    assert code == "InvalidHITState"
    assert "currently in the state 'Assignable'" in message
    assignment = worker.work_on(hit_id)
    assert "neither approved nor rejected" in refusal(requester.delete_hit, HITId=hit_id)[1]
    requester.approve_assignment(AssignmentId=assignment)
    requester.delete_hit(HITId=hit_id)
    assert hit_state(requester, hit_id)[0] == "Disposed"
    assert requester.list_hits()["NumResults"] == 0
    assert "currently in the state 'Disposed'" in refusal(requester.delete_hit, HITId=hit_id)[1]
    for change in (
        {"operation": requester.update_expiration_for_hit, "ExpireAt": 0},
        {"operation": requester.create_additional_assignments_for_hit, "NumberOfAdditionalAssignments": 1},
    ):
        assert refusal(change.pop("operation"), HITId=hit_id, **change)[0] == "InvalidHITState"


def test_a_reviewable_hit_is_disposed_of_after_120_days(requester: Any, time: Time) -> None:
    hit_id = create_hit(requester)["HITId"]
    requester.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)
    time.jump(days=119, hours=23)
    assert hit_state(requester, hit_id)[0] == "Reviewable"
    time.jump(hours=1)
    assert hit_state(requester, hit_id)[0] == "Disposed"


def test_a_hit_takes_on_another_type(requester: Any) -> None:
    hit = create_hit(requester)
    other = requester.create_hit_type(Title="Other", Description="d", Reward="0.70", AssignmentDurationInSeconds=60)[
        "HITTypeId"
    ]
    requester.update_hit_type_of_hit(HITId=hit["HITId"], HITTypeId=other)
    now = requester.get_hit(HITId=hit["HITId"])["HIT"]
    assert (now["HITTypeId"], now["Title"], now["Reward"]) == (other, "Other", "0.70")
    assert now["HITGroupId"] != hit["HITGroupId"]


def test_pages_hold_every_hit_once(requester: Any, time: Time) -> None:
    made = []
    for number in range(25):
        made.append(create_hit(requester, RequesterAnnotation=str(number))["HITId"])
        if number % 3 == 0:
            time.jump(seconds=1)
    assert len(requester.list_hits()["HITs"]) == 10
    pages = list(requester.get_paginator("list_hits").paginate(PaginationConfig={"PageSize": 7}))
    assert [page["NumResults"] for page in pages] == [7, 7, 7, 4, 0]
    assert sorted(hit["HITId"] for page in pages for hit in page["HITs"]) == sorted(made)
    newest = pages[0]["HITs"][0]["HITId"]
    assert newest == made[-1] or newest in made[-3:]


def test_every_page_with_rows_names_the_next(requester: Any) -> None:
    assert "NextToken" not in requester.list_hits()
    made = {create_hit(requester)["HITId"] for _ in range(3)}
    page, seen = requester.list_hits(MaxResults=2), set()
    while page["NumResults"]:
        seen |= {hit["HITId"] for hit in page["HITs"]}
        page = requester.list_hits(MaxResults=2, NextToken=page["NextToken"])
    assert seen == made
    assert (page["HITs"], "NextToken" in page) == ([], False)


def test_a_page_token_fits_its_listing_only(requester: Any) -> None:
    for _ in range(3):
        create_hit(requester)
    token = requester.list_hits(MaxResults=1)["NextToken"]
    for wrong in ("nonsense", token[:-4], "====", "bnVsbA=="):
        assert refusal(requester.list_hits, NextToken=wrong)[0] == "ParameterValidationError"
    asked = {"Status": "Reviewing", "NextToken": token}
    assert refusal(requester.list_reviewable_hits, **asked)[0] == "ParameterValidationError"


def test_reviewable_hits_of_one_type(requester: Any) -> None:
    first, second = create_hit(requester), create_hit(requester, Title="Another")
    for hit in (first, second):
        requester.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=0)
    listed: Callable[..., Any] = requester.list_reviewable_hits
    assert listed()["NumResults"] == 2
    (only,) = listed(HITTypeId=second["HITTypeId"])["HITs"]
    assert only["HITId"] == second["HITId"]

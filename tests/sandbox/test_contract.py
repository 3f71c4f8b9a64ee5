import json
from collections.abc import Callable
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from httpx2 import Client, Response

from keytrail.sandbox.api.operations import OPERATIONS
from tests.sandbox.conftest import ACCESS_KEY, SECRET_KEY
from tests.sandbox.people import create_hit, hit_parameters, refusal

MODEL = botocore.session.get_session().get_service_model("mturk")
Call = Callable[[str, bytes], Response]


@pytest.fixture
def call(client: Client, origin: str) -> Call:
    """A signed request that no SDK has looked at."""

    def call(target: str, body: bytes) -> Response:
        headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1", "Host": origin[7:]}
        request = AWSRequest(method="POST", url=f"{origin}/", data=body, headers=headers)
        SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY), "mturk-requester", "us-east-1").add_auth(request)
        return client.post("/", content=body, headers=dict(request.headers.items()))

    return call


def test_every_operation_of_the_model_is_there() -> None:
    assert set(OPERATIONS) == set(MODEL.operation_names)


def test_answers_carry_what_aws_answers_carry(call: Call) -> None:
    answer = call("MTurkRequesterServiceV20170117.GetAccountBalance", b"{}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-amz-json-1.1"
    assert answer.headers["x-amzn-requestid"]
    assert answer.json() == {"AvailableBalance": "10000.00", "OnHoldBalance": "0.00"}


def test_an_sdk_finds_the_sandbox_by_its_environment(
    server: None, origin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_MTURK", origin)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    assert boto3.session.Session().client("mturk").get_account_balance()["AvailableBalance"] == "10000.00"


@pytest.mark.parametrize("target", ["MTurkRequesterServiceV20170117.MakeTea", "DynamoDB_20120810.GetItem", ""])
def test_an_unknown_operation_is_said_to_be_unknown(call: Call, target: str) -> None:
    answer = call(target, b"{}")
    assert answer.status_code == 404
    assert answer.json()["__type"] == "UnknownOperationException"


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b'{"HITId": "\\ud800"}', b"\xff"])
def test_a_body_that_is_no_object_is_refused(call: Call, body: bytes) -> None:
    answer = call("MTurkRequesterServiceV20170117.GetHIT", body)
    assert answer.status_code == 400
    assert answer.json()["__type"] == "SerializationException"


OUTSIDE_THE_MODEL: list[tuple[str, dict[str, Any]]] = [
    ("GetHIT", {}),
    ("GetHIT", {"HITId": 7}),
    ("GetHIT", {"HITId": "lower case"}),
    ("GetHIT", {"HITId": "A" * 65}),
    ("ListHITs", {"MaxResults": 0}),
    ("ListHITs", {"MaxResults": 101}),
    ("ListHITs", {"MaxResults": True}),
    ("SendBonus", {"WorkerId": "A1", "AssignmentId": "3A", "Reason": "r", "BonusAmount": "1.005"}),
    ("SendBonus", {"WorkerId": "B1", "AssignmentId": "3A", "Reason": "r", "BonusAmount": "1"}),
    ("ListAssignmentsForHIT", {"HITId": "3A", "AssignmentStatuses": ["Lost"]}),
    ("UpdateExpirationForHIT", {"HITId": "3A", "ExpireAt": "some day"}),
    ("CreateHIT", hit_parameters(UniqueRequestToken="t" * 65)),
    ("CreateHIT", hit_parameters(Reward="-1")),
]


def test_requests_are_held_to_the_service_model(call: Call) -> None:
    for operation, parameters in OUTSIDE_THE_MODEL:
        answer = call(f"MTurkRequesterServiceV20170117.{operation}", json.dumps(parameters).encode())
        answered = answer.json()
        assert (answer.status_code, answered["__type"], answered["TurkErrorCode"]) == (
            400,
            "RequestError",
            "AWS.MechanicalTurk.ParameterValidationError",
        ), parameters
        assert answered["Message"]


def test_null_means_not_given(call: Call) -> None:
    body = json.dumps(hit_parameters(Keywords=None, UniqueRequestToken=None)).encode()
    assert call("MTurkRequesterServiceV20170117.CreateHIT", body).status_code == 200


def test_members_that_the_model_does_not_know_are_ignored(call: Call) -> None:
    requirement = {
        "QualificationTypeId": "00000000000000000040",
        "Comparator": "GreaterThan",
        "IntegerValues": [0],
        "LocaleValues": None,
        "Nonsense": 1,
    }
    sent = hit_parameters(QualificationRequirements=[requirement], Nonsense={"deep": [1]}, SortProperty="Title")
    answer = call("MTurkRequesterServiceV20170117.CreateHIT", json.dumps(sent).encode())
    assert answer.status_code == 200, answer.text
    (stored_requirement,) = answer.json()["HIT"]["QualificationRequirements"]
    assert stored_requirement == {
        name: requirement[name] for name in ("QualificationTypeId", "Comparator", "IntegerValues")
    }


BEYOND_LIMITS: list[dict[str, Any]] = [
    {"Title": "t" * 129},
    {"Title": ""},
    {"Description": "d" * 2001},
    {"Keywords": "k" * 1001},
    {"RequesterAnnotation": "a" * 256},
    {"AssignmentDurationInSeconds": 29},
    {"AssignmentDurationInSeconds": 31_536_001},
    {"LifetimeInSeconds": 29},
    {"AutoApprovalDelayInSeconds": 2_592_001},
    {"MaxAssignments": 0},
]


def test_limits_of_a_hit(requester: Any) -> None:
    for changes in BEYOND_LIMITS:
        assert refusal(requester.create_hit, **hit_parameters(**changes))[0] == "ParameterValidationError", changes


def test_a_bug_of_ours_is_a_service_fault(requester: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> dict[str, Any]:
        return {"HIT": {"HITStatus": "Unheard of"}}

    hit_id = create_hit(requester)["HITId"]
    monkeypatch.setattr("keytrail.sandbox.api.endpoint.OPERATIONS", {"GetHIT": broken})
    with pytest.raises(requester.exceptions.ServiceFault):
        requester.get_hit(HITId=hit_id)


def test_a_body_beyond_all_measure_is_refused(client: Client) -> None:
    assert client.post("/", content=b"x" * 2_000_001).status_code == 413
    fields = {"assignmentId": "3A", **dict.fromkeys("abc", "y" * 700_000)}
    refused = client.post("/mturk/externalSubmit", data=fields)
    assert refused.status_code == 413
    assert "frame-ancestors 'self'" in refused.headers["content-security-policy"]

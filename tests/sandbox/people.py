"""Short functions for a worker's actions in a browser and a requester's program."""

from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from httpx2 import Client, Response

from tests.sandbox.pages import elements, frame_query

PASSWORD = "correct horse battery"
TASK_URL = "https://task.example.org/task/one?study=s&amp;x=1"
QUESTION = (
    '<ExternalQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/'
    f'ExternalQuestion.xsd"><ExternalURL>{TASK_URL}</ExternalURL><FrameHeight>0</FrameHeight></ExternalQuestion>'
)
HOUR = 3600


def hit_parameters(**changes: Any) -> dict[str, Any]:
    """What CreateHIT needs, with the test's own values on top."""
    usual = {
        "Title": "Summarise an abstract",
        "Description": "Read and summarise",
        "Reward": "0.50",
        "AssignmentDurationInSeconds": HOUR,
        "LifetimeInSeconds": 24 * HOUR,
        "AutoApprovalDelayInSeconds": 72 * HOUR,
        "MaxAssignments": 1,
        "Question": QUESTION,
    }
    return {**usual, **changes}


def create_hit(requester: Any, **changes: Any) -> dict[str, Any]:
    hit: dict[str, Any] = requester.create_hit(**hit_parameters(**changes))["HIT"]
    return hit


def hit_state(requester: Any, hit_id: str) -> tuple[str, int, int, int]:
    """Status, and how many assignments are available, pending, completed."""
    hit = requester.get_hit(HITId=hit_id)["HIT"]
    numbers = (hit[f"NumberOfAssignments{kind}"] for kind in ("Available", "Pending", "Completed"))
    return hit["HITStatus"], *numbers


def refusal(operation: Any, **parameters: Any) -> tuple[str, str]:
    """MTurk's code (without its prefix) and the message of an operation that must fail with a RequestError."""
    with pytest.raises(ClientError) as failure:
        operation(**parameters)
    response = failure.value.response
    assert response["Error"]["Code"] == "RequestError"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["Message"] == response["Error"]["Message"]
    return response["TurkErrorCode"].removeprefix("AWS.MechanicalTurk."), response["Message"]


@dataclass(frozen=True)
class WorkerBrowser:
    """A signed-in worker."""

    client: Client
    id: str

    @classmethod
    def sign_up(cls, client: Client, email: str, country: str, subdivision: str) -> "WorkerBrowser":
        form = {"email": email, "password": PASSWORD, "country": country, "subdivision": subdivision}
        page = client.post("/sign-up", data=form, follow_redirects=True)
        assert page.status_code == 200
        return cls(client, page.text.split('title="Your worker ID">')[1].split("<")[0])

    def accept(self, hit_id: str) -> str:
        """The id of the assignment."""
        answer = self.try_to_accept(hit_id)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix("/work/")

    def try_to_accept(self, hit_id: str) -> Response:
        return self.client.post(f"/hits/{hit_id}/accept")

    def give_back(self, assignment_id: str) -> Response:
        return self.client.post(f"/work/{assignment_id}/return")

    def frame(self, assignment_id: str) -> dict[str, str]:
        """What the task's address says while the worker works."""
        return frame_query(self.client.get(f"/work/{assignment_id}").text)

    def submit(self, assignment_id: str, **fields: str) -> Response:
        """The task's form, posted from another site, without the marketplace's cookies."""
        with Client(base_url=self.client.base_url, timeout=60) as frame:
            form = {"assignmentId": assignment_id, **(fields or {"receipt": "r1"})}
            return frame.post("/mturk/externalSubmit", data=form, headers={"Origin": "https://task.example.org"})

    def work_on(self, hit_id: str, **fields: str) -> str:
        """Accepts and submits; the id of the assignment."""
        assignment_id = self.accept(hit_id)
        assert self.submit(assignment_id, **fields).status_code == 200
        return assignment_id

    def links(self, path: str) -> list[str]:
        return [link["href"] for link in elements(self.client.get(path).text, "a")]

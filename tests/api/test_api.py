from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from keytrail.models import DecisionKind, User
from keytrail.review.judging.decisions import DecisionInput
from keytrail.review.judging.decisions import decide as judge
from keytrail.review.queue.submissions import submission_and_role
from tests.api.conftest import typing

Get = Callable[..., Any]
HandIn = Callable[..., str]

FOREIGN = (
    "a text that was written somewhere else and came here at once without any key being pressed for it, longer than a "
    "sentence that somebody may have said"
)


def test_a_pasted_text_is_reported_with_its_evidence(get: Get, hand_in: HandIn) -> None:
    found = get(f"/submissions/{hand_in('w1', FOREIGN, pasted=True)}").json()
    assert found["verdict"] == "strong"
    assert found["origins"] == {"external": len(FOREIGN)}
    assert [(s["start"], s["end"], s["origin"]) for s in found["spans"]] == [(0, len(FOREIGN), "external")]
    finding = next(finding for finding in found["findings"] if finding["id"] == "external_text")
    assert set(finding) >= {"id", "severity", "explanation", "evidence"}
    assert found["text"] == FOREIGN
    assert found["integrity"]["replay_equals_text"] is True
    assert found["analysis_version"]


def test_a_typed_text_is_clear(get: Get, hand_in: HandIn) -> None:
    found = get(f"/submissions/{hand_in('w1', 'the short answer')}").json()
    assert (found["verdict"], found["findings"], found["origins"]) == ("clear", [], {"typed": 16})


def test_submissions_are_listed_in_pages_and_filtered(get: Get, hand_in: HandIn) -> None:
    receipts = [hand_in(f"w{n}", FOREIGN, pasted=n % 2 == 0) for n in range(5)]
    first = get("/studies/t/submissions", limit=2).json()
    second = get("/studies/t/submissions", limit=2, cursor=first["next_cursor"]).json()
    third = get("/studies/t/submissions", limit=2, cursor=second["next_cursor"]).json()
    listed = [row["id"] for page in (first, second, third) for row in page["items"]]
    assert listed == receipts[::-1]
    assert third["next_cursor"] is None
    flagged = get("/studies/t/submissions", verdict="strong").json()["items"]
    assert {row["id"] for row in flagged} == {receipts[0], receipts[2], receipts[4]}
    by_rule = get("/studies/t/submissions", finding="external_text").json()["items"]
    assert {row["id"] for row in by_rule} == {row["id"] for row in flagged}
    worker = flagged[0]["worker"]
    assert [row["worker"] for row in get("/studies/t/submissions", worker=worker).json()["items"]] == [worker]
    assert get("/studies/t/submissions", item="nothing").json() == {"items": [], "next_cursor": None}


def test_decisions_are_kept_back_from_whom_is_yet_to_judge(get: Get, hand_in: HandIn, server: FastAPI) -> None:
    receipt = hand_in("w1", FOREIGN, pasted=True)

    def decide(name: str) -> None:
        with server.state.services.database.writing() as db:
            user = db.scalars(select(User).where(User.name == name)).one()
            found, _ = submission_and_role(db, receipt, user)
            found.study.reviews_per_submission = 2
            judge(db, found, user, DecisionInput(DecisionKind.EXCLUDE), found.submitted_at)

    def answers(name: str) -> list[str]:
        return [decision["by"] for decision in get(f"/submissions/{receipt}", who=name).json()["decisions"]]

    decide("olga")
    assert (answers("olga"), answers("rita")) == (["olga@example.org"], [])
    decide("rita")
    assert answers("rita") == ["rita@example.org", "olga@example.org"]


def test_events_come_back_as_they_were_sent(get: Get, hand_in: HandIn) -> None:
    events = get(f"/submissions/{hand_in('w1', 'ab')}/events").json()
    assert [epoch["events"] for epoch in events["epochs"]] == [typing("ab")]


def test_text_with_a_lone_surrogate_reaches_programs_whole(get: Get, hand_in: HandIn) -> None:
    text = "odd \ud83d end"
    receipt = hand_in("w1", text, pasted=True)
    assert get(f"/submissions/{receipt}").json()["text"] == text


def test_platform_ids_never_leave_by_the_api(get: Get, hand_in: HandIn) -> None:
    receipt = hand_in("WORKER-IN-CLEAR", "the short answer")
    everything = get("/studies/t/submissions").text + get(f"/submissions/{receipt}").text
    assert "WORKER-IN-CLEAR" not in everything


@pytest.mark.parametrize("path", ["/studies/t/submissions", "/submissions/{receipt}", "/submissions/{receipt}/events"])
def test_only_members_see_a_study(get: Get, hand_in: HandIn, client: TestClient, path: str) -> None:
    path = path.format(receipt=hand_in("w1", "the short answer"))
    assert get(path, who="olga").status_code == 200
    assert get(path, who="rita").status_code == 200
    assert get(path, who="otto").status_code == 404
    anonymous = client.get(f"/api/v1{path}")
    assert anonymous.status_code == 401
    assert anonymous.json()["error"]["code"] == "unauthorized"
    assert client.get(f"/api/v1{path}", headers={"authorization": "Bearer kt_wrong"}).status_code == 401


def test_studies_are_those_of_the_token(get: Get) -> None:
    assert [(s["study"], s["role"]) for s in get("/studies", who="rita").json()["items"]] == [("t", "reviewer")]
    assert get("/studies", who="otto").json() == {"items": []}


def test_a_made_up_cursor_is_refused_in_words(get: Get) -> None:
    answer = get("/studies/t/submissions", cursor="'; drop")
    assert answer.status_code == 400
    assert "cursor" in answer.json()["error"]["message"]


def test_the_api_describes_itself(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/submissions/{submission_id}" in document["paths"]
    assert "HTTPBearer" in document["components"]["securitySchemes"]

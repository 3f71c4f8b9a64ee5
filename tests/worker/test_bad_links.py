"""Links that no marketplace makes: a clear page, nothing stored, and no redirect elsewhere."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from keytrail.models import AssignmentIdentity, SessionState, Submission, WorkerIdentity, WritingSession
from tests.worker.visitor import Visitor

Visit = Callable[..., Visitor]

IDS = ("assignmentId", "workerId", "hitId")
MARKUP = "<script>alert(1)</script>"
ODD = (
    "x" * 10_000,
    "x" * 129,
    MARKUP,
    '"><img src=x>',
    "a b",
    "a\nb",
    "\u202egnp.exe",
    "%00",
    "é",
)
STORED = (WritingSession, WorkerIdentity, AssignmentIdentity, Submission)


def stored(server: FastAPI) -> int:
    with server.state.services.database.reading() as db:
        return sum(db.scalar(select(func.count()).select_from(table)) or 0 for table in STORED)


@pytest.mark.parametrize("odd", ODD)
def test_odd_ids_get_a_page_and_store_nothing(visit: Visit, server: FastAPI, odd: str) -> None:
    for name in IDS:
        visitor = visit()
        visitor.query[name] = odd
        answer = visitor.open()
        assert answer.status_code == 400
        assert ("<title>" in answer.text, odd in answer.text, visitor.ticket) == (True, False, "")
    assert stored(server) == 0


@pytest.mark.parametrize("name", [*IDS, "turkSubmitTo", "unknown", "x" * 500])
def test_a_parameter_given_ten_thousand_characters_or_a_hundred_times_is_survived(
    visit: Visit, client: TestClient, server: FastAPI, name: str
) -> None:
    visitor = visit()
    assert client.get("/task/short", params=visitor.query | {name: "y" * 10_000}).status_code in {400, 403}
    assert client.get("/task/short", params=[(name, str(at)) for at in range(100)]).status_code < 500
    assert stored(server) == 0


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "http://market.test.evil.example",
        "http://market.test@evil.example",
        "http://market.test:81",
        "javascript:alert(1)",
        "data:text/html,x",
    ],
)
def test_work_is_handed_over_to_known_places_only(visit: Visit, server: FastAPI, elsewhere: str) -> None:
    answer = visit(turkSubmitTo=elsewhere).open()
    assert (answer.status_code, "evil.example" in answer.text, stored(server)) == (403, False, 0)


def test_where_a_visit_ends_is_fixed_when_it_begins(visit: Visit) -> None:
    visit().accept()
    again = visit(turkSubmitTo="https://www.mturk.com")
    again.open()
    again.send("submission", text="three short words")
    assert 'action="http://market.test/mturk/externalSubmit"' in again.page


def test_the_link_cannot_name_the_place_or_the_code_that_it_ends_with(client: TestClient) -> None:
    ids = {"PROLIFIC_PID": "P1", "SESSION_ID": "S1", "STUDY_ID": "X"}
    other = {"completion_url": "https://evil.example", "completion_code": "FREE", "cc": "FREE", "submit_origin": "//e"}
    visitor = Visitor(client, "panel", ids | other)
    visitor.accept()
    finish = visitor.post_submission("three short words").json()["finish"]
    assert finish["url"] == "https://app.prolific.com/submissions/complete?cc=C0DE"


def test_a_forged_assignment_of_somebody_elses_task_is_a_session_of_its_own(visit: Visit, server: FastAPI) -> None:
    mine, forged = visit(), visit(worker="W2", assignment="FORGED")
    mine.accept()
    mine.post_submission("my own few words")
    forged.accept()
    assert "my own few words" not in forged.page
    with server.state.services.database.reading() as db:
        states = db.scalars(select(WritingSession.state).order_by(WritingSession.id)).all()
    assert states == [SessionState.SUBMITTED, SessionState.OPEN]


def test_another_workers_ticket_acts_for_that_worker_whatever_the_link_says(visit: Visit, server: FastAPI) -> None:
    ada, bob = visit(worker="ADA", assignment="A1"), visit(worker="BOB", assignment="B1")
    ada.accept()
    bob.accept()
    bob.ticket = ada.ticket
    receipt = bob.post_submission("three short words").json()["receipt"]
    with server.state.services.database.reading() as db:
        session = db.scalars(
            select(WritingSession)
            .join(Submission, Submission.session_id == WritingSession.id)
            .where(Submission.public_id == receipt)
        ).one()
        assert db.get_one(AssignmentIdentity, session.id).assignment_id == "A1"
    ada.open()
    assert receipt in ada.page
    bob.open()
    assert receipt not in bob.page


@pytest.mark.parametrize("action", ["consent", "refusal", "submission", "withdrawal"])
@pytest.mark.parametrize("ticket", ["", "x" * 10_000, MARKUP, "a.b.c", "\u202e"])
def test_a_form_needs_a_good_ticket(client: TestClient, server: FastAPI, action: str, ticket: str) -> None:
    answer = client.post(f"/task/short/{action}", data={"ticket": ticket, "text": "three short words"})
    assert answer.status_code in {401, 422}
    assert "<script>alert" not in answer.text
    assert stored(server) == 0


@pytest.mark.parametrize("action", ["consent", "submission"])
def test_a_ticket_of_another_study_gets_a_page(visit: Visit, client: TestClient, server: FastAPI, action: str) -> None:
    visitor = visit()
    visitor.accept() if action == "submission" else visitor.open()
    before = stored(server)
    answer = client.post(f"/task/panel/{action}", data={"ticket": visitor.ticket, "text": "three short words"})
    assert (answer.status_code, "another study" in answer.text, stored(server)) == (403, True, before)


@pytest.mark.parametrize("slug", ["nothing", "x" * 10_000, MARKUP, "..%2f..%2fetc"])
def test_an_unknown_study_gets_a_page(client: TestClient, slug: str) -> None:
    answer = client.get(f"/task/{slug}")
    assert (answer.status_code, "<script>alert" in answer.text) == (404, False)

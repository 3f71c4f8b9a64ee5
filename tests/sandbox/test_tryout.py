import re
from datetime import UTC, datetime
from typing import Any

from httpx2 import Client

from keytrail.platforms.mturk_question import external_question
from keytrail.sandbox import SandboxConfig
from keytrail.sandbox.store import Store
from keytrail.sandbox.tables import Trial
from tests.sandbox.pages import elements, frame_query
from tests.sandbox.people import create_hit
from tests.sandbox.running import Time

SUBMIT = "/mturk/externalSubmit"


def test_each_load_is_a_new_worker_with_a_new_assignment(client: Client, origin: str) -> None:
    first, second = (frame_query(client.get("/try/demo").text) for _ in range(2))
    assert re.fullmatch(r"A[A-Z0-9]{13}", first["workerId"])
    assert re.fullmatch(r"[A-Z0-9]{30}", first["assignmentId"])
    assert first["turkSubmitTo"] == origin
    assert first["a"] == "1"
    assert first["workerId"] != second["workerId"]
    assert first["assignmentId"] != second["assignmentId"]
    assert first["hitId"] == second["hitId"]


def test_ids_of_the_query_are_used_if_they_are_sane(client: Client) -> None:
    asked = {"workerId": "AWORKER1", "assignmentId": "3ASSIGNMENT", "hitId": "3HIT"}
    assert frame_query(client.get("/try/demo", params=asked).text).items() >= asked.items()
    odd = {"workerId": "<script>", "assignmentId": "x" * 10_000, "hitId": "a b"}
    given = frame_query(client.get("/try/demo", params=odd).text)
    assert all(re.fullmatch(r"[A-Z0-9]+", given[name]) for name in odd)


def test_the_same_assignment_again_keeps_its_worker(client: Client) -> None:
    first = frame_query(client.get("/try/demo").text)
    again = frame_query(client.get("/try/demo", params={"assignmentId": first["assignmentId"]}).text)
    assert again == first
    foreign = client.get("/try/demo", params={"assignmentId": first["assignmentId"], "workerId": "AOTHER"})
    assert foreign.status_code == 409


def test_where_the_task_is_published_a_visitor_is_a_worker_like_all_others(
    client: Client, config: SandboxConfig, requester: Any, time: Time
) -> None:
    time.now = datetime.now(UTC)
    question = external_question(config.try_urls["demo"])
    hit_id = create_hit(requester, Question=question, MaxAssignments=1)["HITId"]
    given = frame_query(client.get("/try/demo").text)
    assert given["hitId"] == hit_id
    ids = {name: given[name] for name in ("assignmentId", "workerId", "hitId")}
    assert frame_query(client.get("/try/demo", params=ids).text) == given
    assert client.get("/try/demo", params=ids | {"workerId": "AOTHER"}).status_code == 409
    client.post(SUBMIT, data={"assignmentId": given["assignmentId"], "receipt": "r1"})
    requester.approve_assignment(AssignmentId=given["assignmentId"])
    bonus = {"WorkerId": given["workerId"], "AssignmentId": given["assignmentId"], "BonusAmount": "0.50"}
    requester.send_bonus(**bonus, Reason="Thank you.", UniqueRequestToken="t1")
    kind = requester.create_qualification_type(Name="Out", Description="Out", QualificationTypeStatus="Active")
    type_id = kind["QualificationType"]["QualificationTypeId"]
    requester.associate_qualification_with_worker(QualificationTypeId=type_id, WorkerId=given["workerId"])
    # All places are taken now, so the next visitor just looks.
    assert frame_query(client.get("/try/demo").text)["hitId"] != hit_id


def test_a_preview_names_nobody(client: Client) -> None:
    given = frame_query(client.get("/try/demo", params={"assignmentId": "ASSIGNMENT_ID_NOT_AVAILABLE"}).text)
    assert given["assignmentId"] == "ASSIGNMENT_ID_NOT_AVAILABLE"
    assert "workerId" not in given


def test_only_the_task_and_the_marketplace_may_be_framed(client: Client) -> None:
    policy = client.get("/try/demo").headers["content-security-policy"]
    assert "frame-src 'self' http://127.0.0.1:9999;" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    (frame,) = elements(client.get("/try/demo").text, "iframe")
    assert frame["allow"] == ""


def test_a_submission_is_kept_once(client: Client, config: SandboxConfig) -> None:
    given = frame_query(client.get("/try/demo").text)
    form = {"assignmentId": given["assignmentId"], "receipt": "<r&1>\x07"}
    done = client.post(SUBMIT, data=form, headers={"Origin": "http://127.0.0.1:9999"})
    assert done.status_code == 200
    assert "frame-ancestors 'self'" in done.headers["content-security-policy"]
    assert all(link["target"] == "_top" for link in elements(done.text, "a"))
    assert client.post(SUBMIT, data={**form, "receipt": "another"}).status_code == 409
    client.close()
    with Store(config.database).unit() as db:
        trial = db.get_one(Trial, given["assignmentId"])
        assert trial.answer is not None
        assert "<QuestionIdentifier>receipt</QuestionIdentifier><FreeText>&lt;r&amp;1&gt;</FreeText>" in trial.answer


def test_an_empty_unknown_or_nameless_submission_is_refused(client: Client) -> None:
    given = frame_query(client.get("/try/demo").text)
    assert client.post(SUBMIT, data={"assignmentId": given["assignmentId"]}).status_code == 400
    assert client.post(SUBMIT, data={"receipt": "r"}).status_code == 400
    assert client.post(SUBMIT, data={"assignmentId": "3NOBODY", "receipt": "r"}).status_code == 404


def test_an_unknown_task_has_a_page_that_says_so(client: Client) -> None:
    answer = client.get("/try/other")
    assert answer.status_code == 404
    assert "There is no task of this name to try." in answer.text

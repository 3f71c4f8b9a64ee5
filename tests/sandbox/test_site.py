from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Client

from keytrail.sandbox import SandboxConfig
from keytrail.sandbox.frame import Visit, task_address
from keytrail.sandbox.site.wording import in_words, span
from tests.sandbox.pages import elements, frame_query
from tests.sandbox.people import HOUR, PASSWORD, QUESTION, WorkerBrowser, create_hit
from tests.sandbox.running import Time

SignUp = Callable[..., WorkerBrowser]
OWN_PAGES = ("/queue", "/earnings", "/inbox", "/qualifications")


def test_what_mturk_appends_to_an_address() -> None:
    visit = Visit(hit_id="3H", assignment_id="3A", worker_id="AW")
    end = "assignmentId=3A&hitId=3H&workerId=AW&turkSubmitTo=https%3A%2F%2Fm.example"
    assert task_address("https://t.example/a", visit, "https://m.example") == f"https://t.example/a?{end}"
    assert task_address("https://t.example/a?b=1#c", visit, "https://m.example") == f"https://t.example/a?b=1&{end}#c"


def test_a_preview_shows_the_task_without_a_worker(requester: Any, worker: WorkerBrowser, origin: str) -> None:
    hit = create_hit(requester)
    for name in ("HITTypeId", "HITGroupId"):
        page = worker.client.get(f"/mturk/preview?groupId={hit[name]}", follow_redirects=True)
        assert page.url.path == f"/hits/{hit['HITId']}"
    assert frame_query(page.text) == {
        "study": "s",
        "x": "1",
        "assignmentId": "ASSIGNMENT_ID_NOT_AVAILABLE",
        "hitId": hit["HITId"],
        "turkSubmitTo": origin,
    }
    assert "frame-src 'self' https://task.example.org;" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_work_shows_the_same_assignment_from_the_queue(requester: Any, worker: WorkerBrowser, origin: str) -> None:
    hit_id = create_hit(requester)["HITId"]
    assignment_id = worker.accept(hit_id)
    assert f"/work/{assignment_id}" in worker.links("/queue")
    expected = {
        "study": "s",
        "x": "1",
        "assignmentId": assignment_id,
        "hitId": hit_id,
        "workerId": worker.id,
        "turkSubmitTo": origin,
    }
    assert worker.frame(assignment_id) == expected
    assert worker.frame(assignment_id) == expected


def test_a_frame_is_as_high_as_the_question_says(requester: Any, client: Client) -> None:
    for question, height in ((QUESTION, None), (QUESTION.replace(">0<", ">640<"), "640")):
        page = client.get(f"/hits/{create_hit(requester, Question=question)['HITId']}").text
        (frame,) = elements(page, "iframe")
        assert frame.get("height") == height
        assert frame["allow"] == ""


def test_submitting(requester: Any, worker: WorkerBrowser, client: Client) -> None:
    hit_id = create_hit(requester)["HITId"]
    assignment_id = worker.accept(hit_id)
    assert client.post("/mturk/externalSubmit", data={"assignmentId": assignment_id}).status_code == 400
    done = worker.submit(assignment_id, receipt="r1")
    assert done.status_code == 200
    assert [link["target"] for link in elements(done.text, "a")] == ["_top"]
    again = worker.submit(assignment_id, receipt="r2")
    assert again.status_code == 409
    assert "frame-ancestors 'self'" in again.headers["content-security-policy"]
    answer = requester.get_assignment(AssignmentId=assignment_id)["Assignment"]["Answer"]
    assert "r1" in answer
    assert "r2" not in answer
    late = worker.client.get(f"/work/{assignment_id}")
    assert late.status_code == 409
    assert "submitted before" in late.text


def test_a_worker_sees_own_work_only(requester: Any, sign_up: SignUp) -> None:
    hit_id = create_hit(requester)["HITId"]
    ada, bob = sign_up("ada"), sign_up("bob")
    assignment_id = ada.accept(hit_id)
    assert bob.client.get(f"/work/{assignment_id}").status_code == 404
    assert bob.give_back(assignment_id).status_code == 404
    assert f"/work/{assignment_id}" not in bob.links("/queue")


def test_pages_of_ones_own_need_a_sign_in(client: Client, requester: Any) -> None:
    for path in OWN_PAGES:
        asked = client.get(path)
        assert asked.status_code == 303
        assert asked.headers["location"] == f"/sign-in?next_url=%2F{path[1:]}"
    hit_id = create_hit(requester)["HITId"]
    assert client.post(f"/hits/{hit_id}/accept").headers["location"].startswith("/sign-in")


def test_signing_out_and_in_again(worker: WorkerBrowser) -> None:
    assert worker.client.post("/sign-out").status_code == 303
    assert worker.client.get("/queue").status_code == 303
    form = {"email": " ADA@example.org ", "password": PASSWORD, "next_url": "/earnings"}
    entered = worker.client.post("/sign-in", data=form)
    assert (entered.status_code, entered.headers["location"]) == (303, "/earnings")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert worker.client.get("/queue").status_code == 200


def test_a_session_ends(worker: WorkerBrowser, time: Time) -> None:
    time.jump(days=13, hours=23)
    assert worker.client.get("/queue").status_code == 200
    time.jump(hours=1)
    assert worker.client.get("/queue").status_code == 303


@pytest.mark.parametrize(
    "where", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1", "/a\nb"]
)
def test_signing_in_leads_nowhere_else(worker: WorkerBrowser, where: str) -> None:
    form = {"email": "ada@example.org", "password": PASSWORD, "next_url": where}
    assert worker.client.post("/sign-in", data=form).headers["location"] == "/"


def test_wrong_passwords_are_slowed_down(worker: WorkerBrowser, client: Client, time: Time) -> None:
    wrong = {"email": "ada@example.org", "password": "wrong"}
    nobody = {"email": "nobody@example.org", "password": "wrong"}
    assert client.post("/sign-in", data=wrong).text.count("Wrong e-mail address or password") == 1
    assert client.post("/sign-in", data=nobody).status_code == 401
    for _ in range(9):
        assert client.post("/sign-in", data=wrong).status_code == 401
    right = {"email": "ada@example.org", "password": PASSWORD}
    assert client.post("/sign-in", data=right).status_code == 429
    time.jump(minutes=15)
    assert client.post("/sign-in", data=right).status_code == 303


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"email": "no address"}, 400),
        ({"password": "short"}, 400),
        ({"country": "Germany"}, 400),
        ({"subdivision": "Bavaria"}, 400),
        ({"email": "ADA@example.org"}, 409),
    ],
)
def test_sign_ups_that_cannot_be(worker: WorkerBrowser, client: Client, change: dict[str, str], status: int) -> None:
    form = {"email": "eve@example.org", "password": PASSWORD, "country": "DE", **change}
    refused = client.post("/sign-up", data=form)
    assert refused.status_code == status
    assert elements(refused.text, "input")[0]["value"] == form["email"]
    assert PASSWORD not in refused.text


@pytest.fixture
def closed(config: SandboxConfig) -> None:
    object.__setattr__(config, "sign_up_code", "panel-7")


def test_a_closed_panel_asks_for_its_code(closed: None, client: Client) -> None:
    form = {"email": "eve@example.org", "password": PASSWORD, "country": "DE"}
    assert client.post("/sign-up", data=form).status_code == 403
    assert client.post("/sign-up", data={**form, "code": " panel-7 "}).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_forms_of_other_sites_are_refused(requester: Any, worker: WorkerBrowser, headers: dict[str, str]) -> None:
    hit_id = create_hit(requester)["HITId"]
    refused = worker.client.post(f"/hits/{hit_id}/accept", headers=headers)
    assert refused.status_code == 403
    assert "came from another site" in refused.text
    for path in ("/sign-in", "/sign-up", "/sign-out", "/work/3A/return", "/qualifications/3Q/ask"):
        form = {"email": "a@b.example", "password": PASSWORD, "country": "DE"}
        assert worker.client.post(path, data=form, headers=headers).status_code == 403, path


def test_forms_of_our_own_are_taken(requester: Any, worker: WorkerBrowser, origin: str) -> None:
    own: list[dict[str, str]] = [{"Sec-Fetch-Site": "same-origin", "Origin": origin}, {"Origin": origin}]
    for headers in own:
        hit_id = create_hit(requester)["HITId"]
        assert worker.client.post(f"/hits/{hit_id}/accept", headers=headers).status_code == 303


def test_the_list_shows_what_is_left_to_do(requester: Any, worker: WorkerBrowser) -> None:
    first, second = create_hit(requester), create_hit(requester)
    group = f"/groups/{first['HITGroupId']}"
    assert second["HITGroupId"] == first["HITGroupId"]
    assert group in worker.links("/")
    worker.work_on(first["HITId"])
    assert worker.client.get(group).headers["location"] == f"/hits/{second['HITId']}"
    worker.work_on(second["HITId"])
    assert group not in worker.links("/")
    assert "No further HIT of this kind" in worker.client.get(group, follow_redirects=True).text


def test_skipping_goes_round_all_hits(requester: Any, client: Client) -> None:
    made = {create_hit(requester)["HITId"] for _ in range(3)}
    hit_id, seen = next(iter(made)), set()
    for _ in made:
        skip = next(a["href"] for a in elements(client.get(f"/hits/{hit_id}").text, "a") if "after=" in a["href"])
        hit_id = client.get(skip).headers["location"].removeprefix("/hits/")
        seen.add(hit_id)
    assert seen == made


def test_many_kinds_come_in_pages(requester: Any, client: Client, time: Time) -> None:
    for number in range(21):
        create_hit(requester, Title=f"Kind {number:02}")
        time.jump(seconds=1)
    first, second = client.get("/").text, client.get("/?page=2").text
    assert "Kind 20" in first
    assert "Kind 00" not in first
    assert "Kind 00" in second
    assert client.get("/?page=99").text == second


def test_earnings(requester: Any, worker: WorkerBrowser) -> None:
    paid, refused, _pending = (worker.work_on(create_hit(requester)["HITId"]) for _ in range(3))
    requester.approve_assignment(AssignmentId=paid, RequesterFeedback="<Thanks>")
    requester.reject_assignment(AssignmentId=refused, RequesterFeedback="Another abstract.")
    requester.send_bonus(WorkerId=worker.id, AssignmentId=paid, BonusAmount="0.25", Reason="careful")
    page = worker.client.get("/earnings").text
    sums = page[page.index('class="sums"') : page.index("</dl>", page.index('class="sums"'))]
    assert [part.split("<")[0] for part in sums.split("<dd>")[1:]] == ["$0.50", "$0.50", "$0.25"]
    assert "&lt;Thanks&gt;" in page
    assert "Another abstract." in page


def test_unknown_pages_say_so(client: Client) -> None:
    for path in ("/nothing", "/hits/3NOTHING", "/content/3NOTHING", "/static/nothing.css"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "<h1>" in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_html_in_what_others_wrote_is_text(requester: Any, client: Client) -> None:
    create_hit(requester, Title="<script>1</script>", Description="<img src=x>")
    page = client.get("/").text
    assert "&lt;script&gt;" in page
    assert "<img" not in page


def test_spans_and_requirements_in_words() -> None:
    assert span(timedelta(seconds=HOUR + 61)) == "1 hour 1 minute"
    assert span(timedelta(days=2, hours=1, minutes=5)) == "2 days 1 hour"
    assert span(timedelta(seconds=-5)) == "no time"
    place = {"Country": "US", "Subdivision": "CA"}
    asked = {"QualificationTypeId": "00000000000000000071", "Comparator": "NotIn", "LocaleValues": [place]}
    assert in_words(asked, {"00000000000000000071": "Location"}) == "Location is none of US-CA"


def test_secrets_stay_out_of_what_is_printed(config: SandboxConfig) -> None:
    hidden = {field.name for field in fields(config) if not field.repr}
    assert hidden == {"secret_key", "sign_up_code"}
    assert config.secret_key not in repr(config)

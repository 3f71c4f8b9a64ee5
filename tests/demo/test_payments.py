"""From the demo's Payments page to the worker's account at the demo's marketplace."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from typing import Any

import httpx2
import pytest

from tests.demo.running import Demo
from tests.platform_actions.sending import confirmed
from tests.waiting import until

pytestmark = pytest.mark.xdist_group("demo")

OF_ASSIGNMENT = "SELECT worker_id FROM assignments WHERE id = ?"


def ask(demo: Demo, name: str, query: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect(demo.data / name)) as database:
        return [row[0] for row in database.execute(query, values)]


def ask_row(demo: Demo, query: str, *values: Any) -> tuple[Any, ...]:
    with closing(sqlite3.connect(demo.data / "keytrail.sqlite3")) as database:
        (row,) = database.execute(query, values)
        return tuple(row)


@pytest.fixture
def requester(demo: Demo) -> Iterator[httpx2.Client]:
    """The demo's requester, signed in, without JavaScript."""
    with httpx2.Client(base_url=demo.told["dashboard_url"], follow_redirects=True, timeout=60) as client:
        client.post("/sign-in", data={"email": demo.told["email"], "password": demo.told["password"]})
        yield client


def send(requester: httpx2.Client, study: str, *numbers: int) -> str:
    """Preview these actions on Payments and confirm; the page that follows."""
    shown = requester.post(f"/studies/{study}/payments/preview", data={"pick": [str(number) for number in numbers]})
    return requester.post(f"/studies/{study}/payments/sending", data=confirmed(shown.text)).text


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    found = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def hand_in(demo: Demo, text: str) -> dict[str, str]:
    """Do the task behind the printed link as a worker without JavaScript; the form for the marketplace."""
    with httpx2.Client(follow_redirects=True, timeout=60) as worker:
        frame = re.search(r'<iframe id="task-frame"[^>]* src="([^"]+)"', worker.get(demo.told["frame_url"]).text)
        assert frame is not None
        consent = worker.get(unescape(frame[1]))
        task = worker.post(f"{demo.told['task_url']}/consent", data=fields(consent.text))
        done = worker.post(f"{demo.told['task_url']}/submission", data={**fields(task.text), "text": text})
        address = re.search(r'<form[^>]* action="([^"]+/mturk/externalSubmit)"', done.text)
        assert address is not None, done.text
        answer = fields(done.text)
        assert "Submitted. Thank you." in worker.post(unescape(address[1]), data=answer).text
    return answer


def test_the_worker_of_the_printed_link_is_decided_paid_and_excluded(demo: Demo, requester: httpx2.Client) -> None:
    study = demo.told["study"]
    assignment = hand_in(demo, "Nurses slept a little longer under amber light, and read their charts less well. " * 6)[
        "assignmentId"
    ]
    submission, number, worker = ask_row(
        demo,
        "SELECT s.public_id, s.id, w.pseudonym FROM submissions s JOIN workers w ON w.id = s.worker_id"
        " JOIN assignment_identities i ON i.session_id = s.session_id WHERE i.assignment_id = ?",
        assignment,
    )
    decided = requester.post(f"/submissions/{submission}/decisions", data={"kind": "accept"})
    assert decided.status_code == 200
    exclusion = (f"/studies/{study}/payments/exclusion", {"submission": submission, "reason": "A test of the demo."})
    # Anybody can write an id into a link, so the marketplace is asked first whose the assignment is.
    assert "Compare with the marketplace first" in requester.post(exclusion[0], data=exclusion[1]).text
    requester.post(f"/studies/{study}/payments/comparison")
    assert requester.post(exclusion[0], data=exclusion[1]).status_code == 200
    waiting = (
        "SELECT id FROM platform_actions WHERE state = 'queued' AND"
        " (submission_id = ? OR worker_id = (SELECT id FROM workers WHERE pseudonym = ?)) ORDER BY id"
    )
    numbers = ask(demo, "keytrail.sqlite3", waiting, number, worker)
    assert len(numbers) == 2
    assert "2 sent." in send(requester, study, *numbers)
    status = "SELECT status FROM assignments WHERE id = ?"
    assert ask(demo, "sandbox.sqlite3", status, assignment) == ["Approved"]
    assert worker in requester.get("/excluded-workers").text
    again = f"{demo.told['frame_url']}?workerId={ask(demo, 'sandbox.sqlite3', OF_ASSIGNMENT, assignment)[0]}"
    with closing(sqlite3.connect(demo.data / "sandbox.sqlite3")) as market:
        before = market.execute("SELECT count(*) FROM assignments").fetchone()
        httpx2.get(again, timeout=60)
        assert market.execute("SELECT count(*) FROM assignments").fetchone() == before


def test_what_waits_can_be_sent_and_arrives(demo: Demo, requester: httpx2.Client) -> None:
    waiting, assignment = (
        ask(
            demo,
            "keytrail.sqlite3",
            f"SELECT {column} FROM platform_actions a JOIN submissions s ON s.id = a.submission_id"
            " JOIN assignment_identities i ON i.session_id = s.session_id JOIN studies ON studies.id = a.study_id"
            " WHERE a.kind = 'approve' AND a.state = 'queued' AND studies.slug = ? ORDER BY a.id LIMIT 1",
            demo.told["study"],
        )[0]
        for column in ("a.id", "i.assignment_id")
    )
    status = "SELECT status FROM assignments WHERE id = ?"
    assert ask(demo, "sandbox.sqlite3", status, assignment) == ["Submitted"]
    page = requester.get(f"/studies/{demo.told['study']}/payments")
    assert re.search(rf'name="pick"[^>]*value="{waiting}"', page.text)
    shown = requester.post(f"/studies/{demo.told['study']}/payments/preview", data={"pick": waiting})
    assert re.search(r"Pay [0-9.]+ USD to 1 worker<", shown.text)
    assert "1 sent." in send(requester, demo.told["study"], waiting)
    assert ask(demo, "sandbox.sqlite3", status, assignment) == ["Approved"]
    assert ask(demo, "keytrail.sqlite3", "SELECT state FROM platform_actions WHERE id = ?", waiting) == ["sent"]


def test_the_demo_answers_how_much_was_written_by_language_models(demo: Demo, requester: httpx2.Client) -> None:
    address = f"/studies/{demo.told['study']}/prevalence"
    until(lambda: 'class="headline"' in requester.get(address).text, "the estimates", seconds=120)
    html = unescape(requester.get(address).text).replace("\u00a0", " ")
    share = r"(About [0-9]+ %|At most [0-9]+ %|Between [0-9]+ and [0-9]+ %) of the"
    assert re.search(rf'<p class="headline">{share} [0-9]+ texts .*? were probably written with a language model', html)
    assert re.search(rf"{share} [0-9]+ workers .*? probably used one for at least one text", html)
    assert "This is the recommended estimate: the classifier's errors were counted" in html
    paper = re.search(r'<p id="paper">(.*?)</p>', html)
    assert paper is not None
    assert re.fullmatch(
        r"We estimate that a language model was used for .* submissions .* Rogan and Gladen.*", paper[1]
    )
    table = requester.get(f"{address}/estimates.csv")
    assert "submissions,corrected" in table.text
    assert table.headers["content-disposition"] == f'attachment; filename="{demo.told["study"]}-estimates.csv"'
    assert requester.get(f"{address}/figure.svg").headers["content-type"] == "image/svg+xml"
    for name in ("estimates.csv", "figure.svg"):
        assert f'href="{address}/{name}"' in html

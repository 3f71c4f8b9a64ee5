from typing import Any

import pytest
from httpx2 import Client

from keytrail.errors import BadSettings
from keytrail.sandbox import SandboxConfig
from tests.sandbox.pages import elements, frame_query
from tests.sandbox.people import WorkerBrowser, create_hit

HTML = """<!DOCTYPE html><html><head>
<script src='https://s3.amazonaws.com/mturk-public/externalHIT_v1.js'></script></head><body>
<form name='mturk_form' method='post' id='mturk_form' action='https://www.mturk.com/mturk/externalSubmit'>
<input type='hidden' name='assignmentId' id='assignmentId'><input name='answer'><input type='submit' id='submitButton'>
</form><script>turkSetAssignmentID();</script></body></html>"""


def html_question(html: str) -> str:
    return (
        '<HTMLQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/'
        f'HTMLQuestion.xsd"><HTMLContent><![CDATA[{html}]]></HTMLContent><FrameHeight>450</FrameHeight></HTMLQuestion>'
    )


QUESTION = html_question(HTML)


@pytest.fixture
def content_host(origin: str) -> str:
    return f"content.{origin.removeprefix('http://')}"


def test_the_requesters_page_has_an_origin_of_its_own(
    requester: Any, worker: WorkerBrowser, client: Client, origin: str, content_host: str
) -> None:
    hit_id = create_hit(requester, Question=QUESTION)["HITId"]
    assignment_id = worker.accept(hit_id)
    page = worker.client.get(f"/work/{assignment_id}")
    (frame,) = elements(page.text, "iframe")
    assert frame["src"].startswith(f"http://{content_host}/content/{hit_id}?assignmentId={assignment_id}&hitId=")
    assert "sandbox" not in frame
    assert f"frame-src 'self' http://{content_host};" in page.headers["content-security-policy"]
    assert frame_query(page.text)["workerId"] == worker.id
    content = client.get(f"/content/{hit_id}", headers={"Host": content_host})
    assert content.headers["content-security-policy"] == f"frame-ancestors {origin}"


def test_under_the_marketplaces_name_it_has_no_origin(requester: Any, client: Client) -> None:
    hit_id = create_hit(requester, Question=QUESTION)["HITId"]
    policy = client.get(f"/content/{hit_id}").headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-popups-to-escape-sandbox" in policy
    assert "allow-same-origin" not in policy


class TestWithoutAContentOrigin:
    @pytest.fixture
    def config(self, config: SandboxConfig) -> SandboxConfig:
        object.__setattr__(config, "content_origin", "")
        return config

    def test_the_requesters_page_has_no_origin(self, requester: Any, worker: WorkerBrowser) -> None:
        hit_id = create_hit(requester, Question=QUESTION)["HITId"]
        page = worker.client.get(f"/work/{worker.accept(hit_id)}")
        (frame,) = elements(page.text, "iframe")
        assert frame["src"].startswith(f"/content/{hit_id}?")
        assert "allow-popups-to-escape-sandbox" in frame["sandbox"]
        assert "allow-same-origin" not in frame["sandbox"]
        assert "frame-src 'self';" in page.headers["content-security-policy"]


def test_only_requesters_pages_are_on_the_content_host(client: Client, origin: str, content_host: str) -> None:
    there = {"Host": content_host}
    for path in ("/", "/sign-in", "/queue", "/hits/3A"):
        assert client.get(path, headers=there).status_code == 404
    assert client.post("/", headers=there).status_code == 404
    assert client.get("/static/external-hit.js", headers=there).status_code == 200
    sent_on = client.post("/mturk/externalSubmit", headers=there)
    assert (sent_on.status_code, sent_on.headers["location"]) == (307, f"{origin}/mturk/externalSubmit")


@pytest.mark.parametrize("wrong", ["http://localhost:8002", "http://content.localhost:8001/path", "content.localhost"])
def test_a_content_origin_that_would_share_the_cookies(config: SandboxConfig, wrong: str) -> None:
    with pytest.raises(BadSettings, match="content origin"):
        SandboxConfig(database=config.database, public_origin="http://localhost:8001", content_origin=wrong)


@pytest.mark.parametrize(
    "action",
    [
        "https://www.mturk.com/mturk/externalSubmit",
        "http://www.mturk.com/mturk/externalSubmit",
        "//workersandbox.mturk.com/mturk/externalSubmit",
        "https://www.mturk.com:443/mturk/externalSubmit",
        "http://workersandbox.mturk.com:80/mturk/externalSubmit",
    ],
)
def test_mturks_address_for_forms_becomes_ours(requester: Any, client: Client, origin: str, action: str) -> None:
    page = html_question(HTML.replace("https://www.mturk.com/mturk/externalSubmit", action))
    html = client.get(f"/content/{create_hit(requester, Question=page)['HITId']}").text
    assert f"action='{origin}/mturk/externalSubmit'" in html


@pytest.mark.parametrize(
    ("address", "ours", "holds"),
    [
        ("https://s3.amazonaws.com/mturk-public/externalHIT_v1.js", "external-hit.js", "function turkSetAssignmentID"),
        ("//s3.amazonaws.com/mturk-public/externalHIT_v1.js", "external-hit.js", "function turkSetAssignmentID"),
        ("https://assets.crowd.aws/crowd-html-elements.js", "crowd-html-elements.js", "crowd-text-area"),
    ],
)
def test_mturks_scripts_become_ours(
    requester: Any, client: Client, origin: str, address: str, ours: str, holds: str
) -> None:
    page = html_question(f"<script src='{address}'></script>")
    html = client.get(f"/content/{create_hit(requester, Question=page)['HITId']}").text
    (script,) = elements(html, "script")
    assert script["src"] == f"{origin}/static/{ours}"
    assert holds in client.get(f"/static/{ours}").text

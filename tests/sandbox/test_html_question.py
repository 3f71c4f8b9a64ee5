from typing import Any

from httpx2 import Client

from tests.sandbox.pages import elements, frame_query
from tests.sandbox.people import WorkerBrowser, create_hit

HTML = """<!DOCTYPE html><html><head>
<script src='https://s3.amazonaws.com/mturk-public/externalHIT_v1.js'></script></head><body>
<form name='mturk_form' method='post' id='mturk_form' action='https://www.mturk.com/mturk/externalSubmit'>
<input type='hidden' name='assignmentId' id='assignmentId'><input name='answer'><input type='submit' id='submitButton'>
</form><script>turkSetAssignmentID();</script></body></html>"""
QUESTION = (
    '<HTMLQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/'
    f'HTMLQuestion.xsd"><HTMLContent><![CDATA[{HTML}]]></HTMLContent><FrameHeight>450</FrameHeight></HTMLQuestion>'
)


def test_the_requesters_page_has_no_origin_of_ours(requester: Any, worker: WorkerBrowser, client: Client) -> None:
    hit_id = create_hit(requester, Question=QUESTION)["HITId"]
    assignment_id = worker.accept(hit_id)
    page = worker.client.get(f"/work/{assignment_id}")
    (frame,) = elements(page.text, "iframe")
    assert frame["src"].startswith(f"/content/{hit_id}?assignmentId={assignment_id}&hitId=")
    assert "allow-same-origin" not in frame["sandbox"]
    assert "frame-src 'self';" in page.headers["content-security-policy"]
    assert frame_query(page.text)["workerId"] == worker.id
    content = client.get(frame["src"])
    policy = content.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy


def test_mturks_addresses_become_ours(requester: Any, client: Client, origin: str) -> None:
    hit_id = create_hit(requester, Question=QUESTION)["HITId"]
    html = client.get(f"/content/{hit_id}").text
    assert f"action='{origin}/mturk/externalSubmit'" in html
    (script, *_) = elements(html, "script")
    assert script["src"] == f"{origin}/static/external-hit.js"
    assert "function turkSetAssignmentID" in client.get("/static/external-hit.js").text

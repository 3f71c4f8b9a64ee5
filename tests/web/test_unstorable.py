"""NUL and numbers beyond any column: 400, 401, 404 or 422 wherever they stand, on both databases; never 500."""

import json

import pytest
from httpx2 import Response

from tests.requester.site import ORIGIN, Site, Visitor

HUGE = "9" * 30
LONGEST = "9" * 5000
REFUSED = {400, 401, 403, 404, 409, 422}
FORM = {"origin": ORIGIN, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def olivia(site: Site) -> Visitor:
    return site.visitor("olivia")


def post(visitor: Visitor, path: str, content: str, **headers: str) -> Response:
    return visitor.client.post(path, content=content, headers=FORM | headers)


ADDRESSES = [
    "/task/%00", "/studies/%00", "/submissions/%00", "/studies/night/workers/%00", "/invitation/%00",
    "/studies/night/queue?worker=%00", "/task/night?workerId=%00&assignmentId=a", "/api/v1/submissions/%00",
    f"/studies/night/items?added={HUGE}", f"/studies/night/items?added={LONGEST}",
    f"/studies/night/queue?before={HUGE}", f"/studies/night/queue?min_words={HUGE}",
    f"/api/v1/studies/night/submissions?cursor={HUGE}", "/task/%ED%A0%80", "/studies/%F0%9F",
]  # fmt: skip
FORMS = {
    "/sign-in": "email={}&password=x",
    "/account/tokens/revoke": "id={}",
    "/account/tokens": "name={0}&scope=events&days={0}",
    "/studies/night/items/remove": "key={}",
    "/studies/night/people/invite": "email={}&role=viewer",
    "/invitation/x/accept": "password={}",
    "/studies/night/queue/bulk": "kind=accept&submission={}",
    "/task/night/consent": "ticket={}",
}


def test_in_addresses(olivia: Visitor) -> None:
    for path in ADDRESSES:
        assert olivia.get(path).status_code in REFUSED | {200, 303}, path


def test_in_forms(olivia: Visitor) -> None:
    for path, fields in FORMS.items():
        for value in ("a%00b@example.org", HUGE, LONGEST, "%ED%A0%80"):
            assert post(olivia, path, fields.format(value)).status_code < 500, (path, value)


def test_the_kinds_are_refused_alike_on_both_databases(site: Site, olivia: Visitor) -> None:
    assert site.visitor().get("/task/%00").status_code == 400
    assert post(site.visitor(), "/sign-in", "email=a%00b@example.org&password=x").status_code == 400
    bulky = "".join(f"{name}={value}&" for name, value in (("email", "a@example.org"), ("password", "x%2500")))
    assert post(site.visitor(), "/sign-in", bulky).status_code == 401
    assert post(olivia, "/account/tokens/revoke", f"id={HUGE}").status_code in {303, 400}


def test_in_json_and_files(site: Site, olivia: Visitor) -> None:
    visit = {"v": 1, "study": "a\0b", "query": {"workerId": "\0"}, "consent": True}
    answer = site.visitor().client.post("/api/worker/visit", content=json.dumps(visit), headers={"origin": ORIGIN})
    assert answer.status_code in REFUSED
    file = {"file": ("i.csv", b"id,text\na\0,b\n", "text/csv")}
    answer = olivia.client.post("/studies/night/items", files=file, headers={"origin": ORIGIN})
    assert answer.status_code == 400
    lines = {"file": ("i.jsonl", b'{"id": "a\\u0000", "text": "b"}\n', "text/plain")}
    # Escaped, it is found when the rows are read: the file itself holds none.
    uploaded = olivia.client.post("/studies/night/items", files=lines, headers={"origin": ORIGIN}).headers["location"]
    assert olivia.post(uploaded, text="text", item_id="id").status_code == 400

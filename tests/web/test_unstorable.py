"""NUL and numbers too large for a column: 400, 401, 404 or 422 anywhere, on both databases; never 500."""

import json
from io import BytesIO

import pytest
from httpx2 import Response
from openpyxl import Workbook

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
    "/search?q=%00", "/search?q=%ED%A0%80", f"/search?q={HUGE}", f"/studies/night/payments?page={HUGE}&past={LONGEST}",
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
    "/studies/night/payments/preview": "pick={}",
    "/studies/night/payments/sending": "pick=1&fingerprint={}",
    "/studies/night/payments/bonus": "submission={0}&amount={0}&reason={0}&token={0}",
    "/studies/night/payments/list": "table={}",
    "/studies/night/checklist/publication": "confirmed={}",
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


def test_in_json(site: Site) -> None:
    visit = {"v": 1, "study": "a\0b", "query": {"workerId": "\0"}, "consent": True}
    answer = site.visitor().client.post("/api/worker/visit", content=json.dumps(visit), headers={"origin": ORIGIN})
    assert answer.status_code in REFUSED


def test_a_workbook_is_no_damaged_form(olivia: Visitor) -> None:
    """An Excel file is a ZIP, so it holds NUL; only fields and names of files may not."""
    workbook = BytesIO()
    book = Workbook()
    for row in (["id", "text"], ["b1", "Bees nest in wide hedgerows."]):
        book.active.append(row)
    book.save(workbook)
    assert b"\0" in workbook.getvalue()

    def upload(name: str, **fields: str) -> int:
        files = {"file": (name, workbook.getvalue(), "application/octet-stream")}
        answer = olivia.client.post("/studies/night/items", files=files, data=fields, headers={"origin": ORIGIN})
        return answer.status_code

    assert upload("items.xlsx") == 303
    assert upload("items.xlsx", note="a\0b") == 400


DAMAGED = {
    "cut.xlsx": b"PK\x03\x04\0\0",
    "utf16.csv": "id,text\nb,a\0b\n".encode("utf-16"),
    "nul.csv": b"id,text\na\0,b\n",
    "nul.jsonl": b'{"id": "a\\u0000", "text": "b"}\n',
    "half.jsonl": b'{"id": "a", "text": "b\\ud83d"}\n',
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_files_are_refused_as_files(olivia: Visitor, name: str) -> None:
    files = {"file": (name, DAMAGED[name])}
    answer = olivia.client.post("/studies/night/items", files=files, headers={"origin": ORIGIN})
    assert answer.status_code == 400
    assert "The file was not imported" in answer.text

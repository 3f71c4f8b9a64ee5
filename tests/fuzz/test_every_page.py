"""A passive scan of every page, as security scanners do it: headers, cookies and markup of each answer.

The pages come from the application's routes, so a new one is scanned without being entered here.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from httpx2 import Response

from keytrail.requester.people.access import COOKIE
from keytrail.web.audience import Audience, audience_of
from tests.fuzz.asking import Asker, known_values
from tests.requester.site import ORIGIN, Site
from tests.requester.test_access import routes

STREAMS = {"/live"}
WORKER = "/task/night?assignmentId=A1&workerId=W1&hitId=H1"
LEAKS = re.compile(r"Traceback|sqlalchemy|psycopg|File \"/|uvicorn", re.IGNORECASE)
FETCHED = {
    ("script", "src"),
    ("link", "href"),
    ("img", "src"),
    ("iframe", "src"),
    ("form", "action"),
    ("form", "formaction"),
}


@pytest.fixture
def asker(site: Site) -> Iterator[Asker]:
    with Asker(site, known_values(site)) as found:
        yield found


class Markup(HTMLParser):
    """What a policy without `unsafe-inline` refuses, and what leads elsewhere; a sentence each."""

    def __init__(self, policy: str) -> None:
        super().__init__()
        self.findings: list[str] = []
        self._policy = policy
        self._bare = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._bare = (
            tag
            if tag == "style" or (tag == "script" and "src" not in given and "json" not in (given.get("type") or ""))
            else ""
        )
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or name == "style":
                self.findings.append(f"<{tag}> has {name}=")
            if address.startswith(("javascript:", "vbscript:")):
                self.findings.append(f"<{tag}> leads to {address[:40]}")
            if (tag, name) in FETCHED and re.match(r"(https?:)?//", address) and not address.startswith(ORIGIN):
                self.findings.append(f"<{tag}> takes {address[:60]} from elsewhere")
        if tag == "a" and given.get("target") == "_blank" and "noreferrer" not in (given.get("rel") or "noreferrer"):
            self.findings.append("<a> opens a window that can reach this one")

    def handle_data(self, data: str) -> None:
        digest = base64.b64encode(hashlib.sha256(data.encode()).digest()).decode()
        if self._bare and data.strip() and f"'sha256-{digest}'" not in self._policy:
            self.findings.append(f"<{self._bare}> is inline")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._bare:
            self._bare = ""


def findings_in(path: str, answer: Response) -> Iterator[str]:
    audience = audience_of(path)
    wanted = {"x-content-type-options": "nosniff"}
    if audience is not Audience.STATIC:
        wanted["cache-control"] = "no-store"
        if "default-src 'none'" not in answer.headers.get("content-security-policy", ""):
            yield "no policy that begins with nothing"
        if answer.headers.get("referrer-policy") not in {"no-referrer", "same-origin"}:
            yield "a referrer goes out"
    if audience is not Audience.STATIC and audience is not Audience.WORKER:
        wanted["x-frame-options"] = "DENY"
    yield from (
        f"{name} is {answer.headers.get(name)}"
        for name, value in wanted.items()
        if value not in answer.headers.get(name, "")
    )
    yield from (f"it tells {name}" for name in ("server", "x-powered-by") if name in answer.headers)
    for cookie in answer.headers.get_list("set-cookie"):
        if not {"httponly", "samesite"} <= {part.strip().partition("=")[0].lower() for part in cookie.split(";")}:
            yield f"the cookie {cookie.partition('=')[0]} is open to scripts or to other sites"
    if "html" in answer.headers.get("content-type", ""):
        if LEAKS.search(answer.text):
            yield "it tells of its inside"
        markup = Markup(answer.headers.get("content-security-policy", ""))
        markup.feed(answer.text)
        yield from markup.findings


def test_no_page_has_a_finding(asker: Asker) -> None:
    addresses = [
        asker.filled(path) for method, path in routes(asker.site.app) if method == "GET" and path not in STREAMS
    ]
    found, shown = [], 0
    for address in [*addresses, WORKER, "/nowhere"]:
        for cookie in ("", f"{COOKIE}={asker.cookie}"):
            answer = asker.client.get(address, headers={"cookie": cookie} if cookie else {})
            shown += answer.status_code == 200
            path = address.partition("?")[0]
            if answer.status_code >= 500:
                found.append((address, str(answer.status_code)))
            found += [(address, finding) for finding in findings_in(path, answer)]
    assert found == []
    assert shown > len(addresses) / 2, "most pages were really shown"


def test_the_scan_notices_what_it_is_for() -> None:
    page = (
        '<script>x</script><p style="a" onclick="b"><a href="javascript:c">d</a>'
        '<img src="//elsewhere.example/e.png"><a target="_blank" rel="opener" href="/">f</a>'
    )
    answer = Response(
        200, text=page, headers={"content-type": "text/html", "server": "x", "set-cookie": "a=b; HttpOnly"}
    )
    assert len(list(findings_in("/studies", answer))) == 13

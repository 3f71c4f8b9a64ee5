"""Every dashboard route, found by walking the application, refuses unauthorised users."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from keytrail.models import User
from keytrail.web.audience import PROBES
from tests.requester.site import ORIGIN, Site, Visitor

# Open to anybody: signing in and out, and what browsers fetch before that.
OPEN = {
    "/sign-in",
    "/sign-in/openid",
    "/sign-in/openid/answer",
    "/sign-out",
    "/forgotten-password",
    "/static/{version}/{path:path}",
}
# The secret in the address is the right: whoever was given the link may follow it.
BY_LINK = {f"/invitation/{{token}}{end}" for end in ("", "/accept", "/account", "/password", "/sign-in")}
ACCOUNT = {
    "/account",
    "/account/codes",
    "/account/codes/on",
    "/account/codes/off",
    "/account/password",
    "/account/sign-ins/end",
    "/account/tokens",
    "/account/tokens/revoke",
}
# Each user's own: nothing in it belongs to a study.
OWN = {
    "/",
    "/archive",
    "/live",
    "/help",
    "/help/glossary",
    "/help/images/{image}",
    "/find",
    "/help/{document:path}",
    "/excluded-workers",
    "/excluded-workers/file",
    "/excluded-workers/readmit",
    "/installation",
    "/installation/audit",
    "/installation/rights",
    "/installation/budget",
    "/new-study",
    "/power",
    "/prevalence",
    "/study-preview",
    "/search",
    "/api/v1/studies",
    "/api/v1/prevalence",
} | ACCOUNT
FROM_HERE = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
API_DOCS = {"/api/v1/openapi.json"}


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of every route."""
    for found in iter_route_contexts(app.routes):
        for method in sorted(found.methods or ()):
            if method not in {"HEAD", "OPTIONS"} and found.path:
                yield method, found.path


def audience(path: str) -> str:
    if path.startswith(("/task/", "/api/worker/")):
        return "worker"
    if path.startswith("/static/") or path in API_DOCS | PROBES:
        return "public"
    if path.startswith("/api/hooks/"):
        return "platform"
    return "program" if path.startswith("/api/v1/") else "requester"


def filled(path: str, public_id: str, pseudonym: str = "nobody", upload: str = "no-such-upload") -> str:
    for name in ("public_id", "submission_id"):
        path = path.replace("{" + name + "}", public_id)
    path = path.replace("{pseudonym}", pseudonym).replace("{token}", "no-such-link")
    path = path.replace("{document:path}", "report").replace("{image}", "replay.png")
    path = path.replace("{upload_id}", upload).replace("{item_number}", "1").replace("{removal_number}", "1")
    path = path.replace("{table}", "submissions").replace("{trial}", "no-such-trial")
    for name in ("slug", "study"):
        path = path.replace("{" + name + "}", "night")
    assert "{" not in path, f"the access test does not know how to ask for {path}"
    return path


def uploaded(owner: Visitor) -> str:
    """The id of a file of items whose columns are still to be chosen."""
    files = {"file": ("items.csv", b"id,text\nz,Some text\n")}
    answer = owner.client.post("/studies/night/items", files=files, headers=FROM_HERE)
    return answer.headers["location"].rpartition("/")[2]


SAME_FOR_HEAD = ("content-type", "cache-control", "content-security-policy", "x-frame-options")


@pytest.fixture
def submitted(site: Site) -> str:
    work = site.hand()
    work.hand.types("Somebody's text.")
    return work.submit()


class TestEveryRoute:
    def test_belongs_to_one_known_audience(self, site: Site) -> None:
        paths = {path for _, path in routes(site.app)}
        assert {audience(path) for path in paths} == {"worker", "public", "program", "requester", "platform"}
        for path in paths:
            if audience(path) == "requester":
                assert path in OWN | OPEN | BY_LINK or path.startswith(("/studies/", "/submissions/"))

    def test_of_the_dashboard_sends_the_anonymous_to_sign_in(self, site: Site, submitted: str) -> None:
        nobody = site.visitor()
        for method, path in routes(site.app):
            if audience(path) == "requester" and path not in OPEN | BY_LINK:
                address = filled(path, submitted)
                answer = nobody.get(address) if method == "GET" else nobody.post(address)
                assert answer.status_code == 303, (method, path)
                assert answer.headers["location"].startswith("/sign-in"), (method, path)

    def test_of_the_dashboard_does_not_exist_for_an_outsider(self, site: Site, submitted: str) -> None:
        otto = site.visitor("otto")
        for method, path in routes(site.app):
            if audience(path) == "requester" and path not in OPEN | OWN | BY_LINK:
                address = filled(path, submitted)
                if method == "GET":
                    answer = otto.get(address)
                else:
                    # Complete enough to reach the route: a missing field would be refused before it asks who it is.
                    files = (
                        {"file": ("items.csv", b"id,text\n")}
                        if path.endswith(("/items", "/references", "/done-list"))
                        else None
                    )
                    answer = otto.client.post(address, data={"kind": "accept"}, files=files, headers=FROM_HERE)
                assert answer.status_code == 404, (method, path)

    def test_of_the_api_refuses_whoever_has_no_token(self, site: Site, submitted: str) -> None:
        # A signed-in browser is no program: its cookie must not work here.
        olivia = site.visitor("olivia")
        for method, path in routes(site.app):
            if audience(path) == "program":
                answer = olivia.client.request(method, filled(path, submitted))
                assert answer.status_code == 401, (method, path)

    def test_that_changes_something_refuses_a_form_from_another_site(self, site: Site, submitted: str) -> None:
        olivia = site.visitor("olivia")
        for method, path in routes(site.app):
            if audience(path) == "requester" and method != "GET":
                answer = olivia.client.request(
                    method, filled(path, submitted), headers={"sec-fetch-site": "cross-site"}
                )
                assert answer.status_code == 403, (method, path)

    def test_of_the_dashboard_is_never_framed_and_never_cached(self, site: Site, submitted: str) -> None:
        olivia = site.visitor("olivia")
        with site.database.writing() as db:
            db.get_one(User, site.people["olivia"]).is_operator = True
        worker = olivia.context("/studies/night").rows[0].line.worker
        upload = uploaded(olivia)
        for method, path in routes(site.app):
            if audience(path) == "requester" and method == "GET":
                address = filled(path, submitted, worker, upload)
                answer, head = olivia.get(address), olivia.client.head(address)
                assert (head.status_code, head.content) == (answer.status_code, b""), path
                headers = answer.headers
                assert {name: head.headers[name] for name in SAME_FOR_HEAD} == {
                    name: headers[name] for name in SAME_FOR_HEAD
                }
                assert answer.status_code == 200 or path in OPEN | BY_LINK, (path, answer.status_code)
                assert "frame-ancestors 'none'" in headers["content-security-policy"]
                assert "unsafe-inline" not in headers["content-security-policy"]
                assert headers["x-frame-options"] == "DENY"
                assert headers["cache-control"] == "no-store"


class TestSigningIn:
    def test_brings_one_back_to_the_page_that_was_wanted(self, site: Site, submitted: str) -> None:
        nobody = site.visitor()
        answer = nobody.get(f"/submissions/{submitted}?a=b")
        assert answer.headers["location"] == f"/sign-in?wanted=%2Fsubmissions%2F{submitted}%3Fa%3Db"
        assert f'name="wanted" value="/submissions/{submitted}?a=b"' in nobody.page(answer.headers["location"])

    @pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"])
    def test_never_leads_to_another_site(self, site: Site, wanted: str) -> None:
        assert 'name="wanted" value="/"' in site.visitor().client.get("/sign-in", params={"wanted": wanted}).text

    def test_signing_out_forgets_the_browser(self, site: Site) -> None:
        olivia = site.visitor("olivia")
        assert olivia.get("/").status_code == 200
        token = dict(olivia.client.cookies)
        assert olivia.post("/sign-out").headers["location"] == "/sign-in?out=1"
        olivia.client.cookies.update(token)
        assert olivia.get("/").status_code == 303

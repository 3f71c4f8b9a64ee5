"""Pages of other sites that record one of their own boxes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from keytrail.main import create_app
from keytrail.models import Epoch, Study, StudyState
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock

HOST = "https://host.test"
MTURK = {"assignmentId": "A1", "workerId": "W1", "hitId": "H1"}


@pytest.fixture
def server(make_settings: Callable[..., Settings], database_url: str, clock: FakeClock) -> FastAPI:
    settings = make_settings(database_url=database_url, embed_origins=(HOST,))
    app = create_app(settings, clock=clock)
    with app.state.services.database.writing() as db:
        for platform in ("mturk", "direct"):
            definition = StudyDefinition(
                title="Embedded", slug=platform, instructions="Write.", consent="We **record** it.", platform=platform,
                minimum_words=2, maximum_words=9, places_per_item=3,
            )  # fmt: skip
            study = create_study(db, definition, None, clock())
            add_items(db, study, [ItemRow(key="a", title="First", text="Ants\nand bees."), ItemRow(key="b", text="B")])
    return app


class Page:
    """A page at a given origin."""

    def __init__(self, client: TestClient, origin: str = HOST) -> None:
        self._client = client
        self._headers = {"origin": origin}

    def visit(self, study: str = "mturk", **more: Any) -> Response:
        return self.post("visit", {"v": 1, "study": study, "query": MTURK, "consent": True} | more)

    def post(self, name: str, body: dict[str, Any]) -> Response:
        return self._client.post(f"/api/worker/{name}", content=json.dumps(body), headers=self._headers)


@pytest.fixture
def page(client: TestClient) -> Page:
    return Page(client)


def code(answer: Response) -> str:
    return str(answer.json()["error"]["code"])


class TestVisit:
    def test_asks_for_consent_before_anything_is_stored(self, page: Page) -> None:
        answer = page.visit(consent=False).json()
        assert answer["state"] == "consent"
        assert "We <strong>record</strong> it." in answer["consent"]
        assert answer["ticket"] == ""
        assert answer["item"] is None

    def test_opens_a_session_with_a_ticket_and_the_item(self, page: Page) -> None:
        answer = page.visit().json()
        assert (answer["state"], answer["page_load"]) == ("open", 0)
        assert answer["item"] == {"key": "a", "title": "First", "text": "Ants\nand bees."}
        events = [[0, "i", "empty", 0, 2166136261]]
        batch = {"v": 1, "ticket": answer["ticket"], "seq": 0, "perf": 1.0, "wall": 1.0, "events": events}
        assert page.post("events", batch).json() == {"committed": 0}

    def test_of_the_same_assignment_is_another_page_load(self, page: Page) -> None:
        page.visit()
        again = page.visit(consent=False).json()
        assert (again["state"], again["page_load"], again["item"]["key"]) == ("open", 1, "a")

    def test_of_a_submitted_assignment_gets_its_receipt(self, page: Page) -> None:
        ticket = page.visit().json()["ticket"]
        receipt = page.post("submission", {"v": 1, "ticket": ticket, "text": "two words"}).json()["receipt"]
        again = page.visit().json()
        assert (again["state"], again["receipt"], again["ticket"]) == ("submitted", receipt, "")

    def test_without_an_accepted_assignment_is_a_preview(self, page: Page) -> None:
        assert page.visit(query=MTURK | {"assignmentId": "ASSIGNMENT_ID_NOT_AVAILABLE"}).json()["state"] == "preview"

    def test_may_name_the_item_that_the_page_shows(self, page: Page) -> None:
        assert page.visit(item="b").json()["item"]["key"] == "b"

    def test_by_a_link_of_ones_own_may_be_anonymous(self, page: Page) -> None:
        visits = [page.visit("direct", query={"utm": "x"}).json() for _ in range(2)]
        assert [visit["state"] for visit in visits] == ["open", "open"]
        assert visits[0]["ticket"] != visits[1]["ticket"]

    def test_by_a_participant_may_be_about_several_items(self, page: Page) -> None:
        query = {"participant": "P1"}
        states = [page.visit("direct", query=query, item=item).json()["item"]["key"] for item in ("a", "b")]
        assert states == ["a", "b"]
        assert page.visit("direct", query=query, item="b").json()["page_load"] == 1


class TestWithdrawal:
    def test_deletes_what_was_recorded_and_frees_the_place(self, server: FastAPI, page: Page) -> None:
        ticket = page.visit().json()["ticket"]
        assert page.post("withdrawal", {"v": 1, "ticket": ticket}).json() == {"deleted": True}
        with server.state.services.database.reading() as db:
            assert db.query(Epoch).count() == 0
        assert code(page.visit()) == "returned"
        assert code(page.post("submission", {"v": 1, "ticket": ticket, "text": "two words"})) == "returned"

    def test_comes_too_late_after_the_text(self, page: Page) -> None:
        ticket = page.visit().json()["ticket"]
        page.post("submission", {"v": 1, "ticket": ticket, "text": "two words"})
        assert code(page.post("withdrawal", {"v": 1, "ticket": ticket})) == "too_late"

    def test_needs_the_signed_ticket(self, page: Page) -> None:
        assert code(page.post("withdrawal", {"v": 1, "ticket": "forged"})) == "ticket_invalid"


class TestRefusals:
    @pytest.mark.parametrize("origin", ["https://elsewhere.test", "null", "", "https://host.test.evil.test"])
    def test_of_an_origin_that_is_not_allowed(self, client: TestClient, origin: str) -> None:
        answer = Page(client, origin).visit()
        assert (answer.status_code, code(answer)) == (403, "origin_not_allowed")
        assert "KEYTRAIL_EMBED_ORIGINS" in answer.json()["error"]["message"]
        # A page without an origin may read why; it learns nothing else.
        assert answer.headers.get("access-control-allow-origin") == ("null" if origin == "null" else None)

    @pytest.mark.parametrize(
        ("changed", "status", "expected"),
        [
            ({"study": "no-such"}, 404, "unknown_study"),
            ({"item": "no-such"}, 404, "unknown_item"),
            ({"query": {"assignmentId": "A1"}}, 400, "link_incomplete"),
            ({"query": MTURK | {"workerId": "<b>"}}, 400, "link_damaged"),
            ({"query": {"a": 1}}, 422, "bad_shape"),
            ({"consent": "yes"}, 422, "bad_shape"),
            ({"v": 2}, 422, "bad_shape"),
            ({"surprise": 1}, 422, "bad_shape"),
            ({"item": "\ud800"}, 422, "bad_shape"),
            ({"item": "\x00"}, 422, "bad_shape"),
            ({"study": "\x00"}, 422, "bad_shape"),
            ({"query": {"assignmentId": "x" * 20_000}}, 413, "too_large"),
        ],
    )
    def test_say_what_is_wrong(self, page: Page, changed: dict[str, Any], status: int, expected: str) -> None:
        answer = page.visit(**changed)
        assert (answer.status_code, code(answer)) == (status, expected)
        assert answer.headers["access-control-allow-origin"] == HOST

    def test_of_a_study_that_is_closed(self, server: FastAPI, page: Page) -> None:
        with server.state.services.database.writing() as db:
            db.query(Study).update({"state": StudyState.CLOSED})
        answer = page.visit()
        assert (answer.status_code, code(answer)) == (409, "study_closed")

    def test_of_a_second_text_about_one_item(self, page: Page) -> None:
        ticket = page.visit(item="a").json()["ticket"]
        page.post("submission", {"v": 1, "ticket": ticket, "text": "two words"})
        again = page.visit(item="a", query=MTURK | {"assignmentId": "A2"})
        assert (again.status_code, code(again)) == (409, "had_before")


class TestSharing:
    def test_allows_a_page_of_a_named_origin_to_read_and_no_cookies(self, page: Page) -> None:
        answer = page.visit()
        assert answer.headers["access-control-allow-origin"] == HOST
        assert "Origin" in answer.headers["vary"]
        assert "access-control-allow-credentials" not in answer.headers
        assert "set-cookie" not in answer.headers

    def test_answers_the_question_that_a_browser_asks_before_json(self, client: TestClient) -> None:
        asked = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
        answer = client.options("/api/worker/submission", headers=asked | {"origin": HOST})
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == HOST
        stranger = client.options("/api/worker/submission", headers=asked | {"origin": "https://elsewhere.test"})
        assert "access-control-allow-origin" not in stranger.headers

    def test_allows_sandboxed_frames_where_the_setting_names_null(
        self, make_settings: Callable[..., Settings], server: FastAPI, database_url: str, clock: FakeClock
    ) -> None:
        settings = make_settings(database_url=database_url, embed_origins=("null",))
        with TestClient(create_app(settings, clock=clock), base_url=settings.public_url) as client:
            answer = Page(client, "null").visit()
        assert answer.json()["state"] == "open"
        assert answer.headers["access-control-allow-origin"] == "null"
        assert "access-control-allow-credentials" not in answer.headers

    @pytest.mark.parametrize("path", ["/api/v1/studies", "/sign-in", "/task/mturk"])
    def test_covers_nothing_but_the_workers_api(self, client: TestClient, path: str) -> None:
        assert "access-control-allow-origin" not in client.get(path, headers={"origin": HOST}).headers


class TestScript:
    def test_has_an_address_that_stays_and_leads_to_the_one_of_today(self, client: TestClient) -> None:
        line = client.get("/static/embed.js", headers={"origin": "https://anybody.test"})
        assert line.headers["access-control-allow-origin"] == "*"
        assert line.headers["cache-control"] == "public, max-age=300"
        module = line.text.removeprefix('export * from "').removesuffix('";\n')
        script = client.get(module)
        assert script.headers["content-type"] == "text/javascript; charset=utf-8"
        assert "immutable" in script.headers["cache-control"]
        assert "export const attach=" in script.text

"""A page load requests the draft again, because the previous one may not have sent its last events yet."""

import json
from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from tests.worker.visitor import Visitor

Visit = Callable[..., Visitor]

START = [0, "i", "empty", 0, 2166136261]


def ask(client: TestClient, ticket: str) -> tuple[int, Any]:
    answer = client.post("/api/worker/draft", content=json.dumps({"v": 1, "ticket": ticket}))
    return answer.status_code, answer.json()


def test_last_words_that_come_after_the_page_was_asked_for_are_in_the_draft(visit: Visit, client: TestClient) -> None:
    before, after = visit(), visit()
    before.accept()
    before.post_events(0, [START, [5, "e", 0, 0, "Shade", "insertText", 2]])
    after.open()
    assert after.text_of("answer") == "\nShade"
    assert ask(client, after.ticket) == (200, {"text": "Shade", "settled": False, "missing": False})
    before.post_events(2, [[5, "e", 5, 0, " helps \ud83d", "insertText", 2], [1, "v", "pagehide"]])
    assert ask(client, after.ticket) == (200, {"text": "Shade helps \ud83d", "settled": True, "missing": False})


def test_last_words_that_overtook_others_do_not_make_the_draft_whole(visit: Visit, client: TestClient) -> None:
    before, after = visit(), visit()
    before.accept()
    before.post_events(0, [START, [5, "e", 0, 0, "Shade", "insertText", 2]])
    before.post_events(3, [[1, "v", "pagehide"]])
    after.open()
    early = ask(client, after.ticket)[1]
    assert (early["settled"], early["missing"]) == (False, True)
    before.post_events(2, [[5, "e", 5, 0, " helps", "insertText", 2]])
    assert ask(client, after.ticket) == (200, {"text": "Shade helps", "settled": True, "missing": False})


def test_the_first_page_load_has_nothing_to_wait_for(visit: Visit, client: TestClient) -> None:
    visitor = visit()
    visitor.accept()
    assert "data-draft-url" not in visitor.page
    assert ask(client, visitor.ticket) == (200, {"text": "", "settled": True, "missing": False})
    visitor.open()
    assert 'data-draft-url="/api/worker/draft"' in visitor.page


def test_the_own_page_load_is_not_part_of_the_draft(visit: Visit, client: TestClient) -> None:
    visitor = visit()
    visitor.accept()
    visitor.post_events(0, [START, [5, "e", 0, 0, "Now", "insertText", 2]])
    assert ask(client, visitor.ticket) == (200, {"text": "", "settled": True, "missing": False})


def test_a_draft_needs_the_ticket_of_its_session(visit: Visit, client: TestClient) -> None:
    visitor = visit()
    visitor.open()
    assert ask(client, visitor.ticket)[0] == 403
    assert ask(client, "nonsense")[0] == 401

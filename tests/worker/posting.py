"""Post batches as any client may, and read the answers."""

from typing import Any, Final

from fastapi.testclient import TestClient

from tests.worker.test_events import TYPED
from tests.worker.visitor import Visitor

FIRST: Final = [[0, "E", {"v": "1.0"}], [0, "i", "empty", 0, 2166136261]]


def post(client: TestClient, body: bytes | str) -> tuple[int, str, Any]:
    """Status, code of the error or nothing, and what the answer says. Every error has the one shape."""
    answer = client.post("/api/worker/events", content=body)
    if answer.status_code == 200:
        return 200, "", answer.json()
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "detail"}
    return answer.status_code, error["code"], error["detail"]


def body_of(writing: Visitor, **changed: Any) -> dict[str, Any]:
    return {"v": 1, "ticket": writing.ticket, "seq": 2, "perf": 1.5, "wall": 1.7e12, "events": TYPED} | changed

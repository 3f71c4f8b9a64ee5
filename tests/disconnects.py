"""Simulate a browser that disconnects while sending a form."""

import asyncio
from typing import Any

HEADERS = [
    (b"host", b"localhost"),
    (b"content-type", b"application/x-www-form-urlencoded"),
    (b"content-length", b"1000"),
]


def half_a_form(app: Any, path: str) -> int:
    """The status answered to a browser that left after the first bytes of its form. What the app raises passes."""
    arriving: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"assignmentId=3", "more_body": True},
        {"type": "http.disconnect"},
    ]
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return arriving.pop(0) if len(arriving) > 1 else arriving[0]

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"", "headers": HEADERS,
        "client": ("127.0.0.1", 1), "server": ("localhost", 80),
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    (status,) = statuses
    return status

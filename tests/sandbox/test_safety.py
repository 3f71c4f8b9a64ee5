"""The marketplace is as safe to run as the server: names, headers, sizes, slow clients, and no pages for debugging."""

import inspect
from pathlib import Path

import pytest
from httpx2 import Client

from keytrail.cli import sandbox as command
from keytrail.web.protocol import PatientProtocol


def test_another_host_name_is_refused(client: Client) -> None:
    """A page whose own name is made to lead here (DNS rebinding) would have the marketplace's cookies otherwise."""
    for name in ("evil.example", "evil.example:8001", "localhost@evil.example", "", "localhost.evil.example"):
        answer = client.get("/", headers={"host": name})
        assert answer.status_code == 400, name
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    for name in ("localhost", "127.0.0.1:1", "LOCALHOST:8001", "[::1]:8001"):
        assert client.get("/", headers={"host": name}).status_code == 200, name


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nothing", "/static/nothing.css", "/hits/none", "/content/none"])
def test_every_answer_has_the_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert "frame-ancestors" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_no_page_is_for_developers(client: Client) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404


def test_what_is_too_large_is_refused(client: Client) -> None:
    for path in ("/", "/sign-in", "/sign-up"):
        answer = client.post(path, content=b"x" * 2_000_001, headers={"content-type": "application/octet-stream"})
        assert answer.status_code in {413, 422}, path


def test_the_command_listens_here_only_and_waits_for_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    request: dict[str, object] = {}
    monkeypatch.setattr("uvicorn.run", lambda _app, **options: request.update(options))
    assert inspect.signature(command.sandbox).parameters["host"].default == "127.0.0.1"
    command.sandbox(port=8001, data=tmp_path)
    assert request["host"] == "127.0.0.1"
    assert request["http"] is PatientProtocol
    assert request["server_header"] is False

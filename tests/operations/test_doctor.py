"""`keytrail doctor` against real servers: a healthy one, and one behind faulty proxies."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from keytrail.db import Database
from keytrail.key_check import open_keyring
from keytrail.operations.doctor import examine_installation
from keytrail.operations.probes import Probe
from keytrail.platforms.registry import KNOWN_FRAME_ANCESTORS
from keytrail.settings import Settings
from tests.browser.keytrail import Keytrail
from tests.cli.running import keytrail

ALL = f"frame-ancestors 'self' {' '.join(KNOWN_FRAME_ANCESTORS)}; default-src 'none'"


def test_a_server_that_is_well_passes(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    server = Keytrail(data, "http://market.test")
    try:
        output = keytrail("doctor", data=data, KEYTRAIL_PUBLIC_URL=server.url)
        assert output.returncode == 0, output.stdout + output.stderr
        lines = output.stdout.splitlines()
        assert all(line.startswith("ok  ") for line in lines)
        assert f"ok    public address: {server.url} answers." in lines
        assert "ok    frames: The marketplaces may frame a task." in lines
    finally:
        server.close()
    output = keytrail("doctor", data=data, KEYTRAIL_PUBLIC_URL=server.url, KEYTRAIL_SECRET_KEY="k" * 32)
    assert output.returncode == 1
    failed = [line for line in output.stdout.splitlines() if line.startswith("FAIL")]
    assert [line.split(":")[0] for line in failed] == ["FAIL  secret key", "FAIL  public address", "FAIL  frames"]
    assert output.stdout.count("What to do: ") == 3


@contextmanager
def proxy(headers: dict[str, str], health: str = "ok") -> Iterator[str]:
    """Start a public address that answers with these headers, and return its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(health.encode())

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


Examine = Callable[..., dict[str, Probe]]


@pytest.fixture
def examine(make_settings: Callable[..., Settings], database_url: str) -> Examine:
    def found(url: str, **more: object) -> dict[str, Probe]:
        settings = make_settings(database_url=database_url, public_url=url, **more)
        database = Database(settings.database)
        open_keyring(settings, database)
        probes = examine_installation(settings, database, datetime.now(UTC))
        database.close()
        assert all(probe.well or probe.advice for probe in probes)
        return {probe.name: probe for probe in probes}

    return found


def test_what_a_proxy_does_to_the_headers_is_found(examine: Examine) -> None:
    with proxy({"content-security-policy": ALL}) as url:
        assert all(probe.well for probe in examine(url).values())
        missing = examine(url, frame_ancestors=("https://panel.example",))["frames"]
        assert (missing.well, "https://panel.example" in missing.description) == (False, True)
    with proxy({"content-security-policy": ALL, "x-frame-options": "SAMEORIGIN"}) as url:
        assert "adds X-Frame-Options: SAMEORIGIN" in examine(url)["frames"].description
    with proxy({}, health="Welcome to nginx!") as url:
        found = examine(url)
        assert not found["frames"].well
        assert "not as Keytrail does" in found["public address"].description


def test_credentials_that_no_marketplace_takes_are_found(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with proxy({"content-security-policy": ALL}, health="{}") as url:
        found = examine(url, mturk_endpoint="http://127.0.0.1:9", prolific_url="http://127.0.0.1:9", prolific_token="t")
    assert not found["Mechanical Turk"].well
    assert "could not be reached" in found["Prolific"].description


def test_an_address_by_plain_http_is_nothing_for_marketplaces(examine: Examine) -> None:
    found = examine("http://keytrail.invalid")
    assert "https addresses only" in found["settings"].description
    assert "could not be opened" in found["public address"].description
    assert "first" in found["frames"].advice

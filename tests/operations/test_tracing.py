"""Traces are sent only where somebody configured it, and name nobody."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest
from fastapi.testclient import TestClient
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from keytrail.operations.doctor import probe_traces
from keytrail.operations.tracing import collector
from keytrail.operations.tracing.impersonal import ImpersonalExporter
from keytrail.operations.tracing.instrumenting import provider_for
from keytrail.settings import Settings
from tests.browser.keytrail import Keytrail
from tests.conftest import FakeClock
from tests.requester.night_study import night_study
from tests.requester.site import ORIGIN, Site

SECRETS = ("WORKER-ID-OF-ANNA", "ASSIGNMENT-OF-ANNA", "a-private-link", "Browser-of-Anna", "anna@example.org")
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What would be sent of the requests and statements of a site that is made from now on."""
    exporter = InMemorySpanExporter()
    processor = SimpleSpanProcessor(ImpersonalExporter(exporter))
    monkeypatch.setattr("keytrail.main.start_tracing", lambda database: provider_for(processor, database))
    yield exporter
    processor.shutdown()
    SQLAlchemyInstrumentor().uninstrument()


@pytest.fixture
def site(
    spans: InMemorySpanExporter, make_settings: Callable[..., Settings], database_url: str, clock: FakeClock
) -> Iterator[Site]:
    found = night_study(make_settings(database_url=database_url), clock)
    yield found
    found.database.close()


def ask_with_secrets(site: Site) -> None:
    """Requests that carry ids, private links and addresses, in every place where one can stand."""
    worker, assignment, link, browser, mail = SECRETS
    client = TestClient(site.app, base_url=ORIGIN, headers={"user-agent": browser})
    client.get("/task/night", params={"workerId": worker, "assignmentId": assignment, "hitId": "H"})
    client.get(f"/invitation/{link}")
    client.get(f"/task/night/copy/{link}")
    client.post("/sign-in", data={"email": mail, "password": worker}, headers={"origin": ORIGIN})
    client.post("/api/worker/events", content=json.dumps({"v": 1, "ticket": link}))
    client.get("/submissions/nothing", headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})


def test_spans_name_nobody(site: Site, spans: InMemorySpanExporter) -> None:
    ask_with_secrets(site)
    sent = [span.to_json() for span in spans.get_finished_spans()]
    names = {json.loads(one)["name"] for one in sent}
    assert "GET /task/{slug}" in names, names
    assert "SELECT" in names
    assert [one for one in sent if any(secret in one for secret in SECRETS)] == []
    assert not any("a" * 32 in one for one in sent), "nobody else continues a trace here"
    statements = [json.loads(one)["attributes"].get("db.statement", "") for one in sent]
    assert any("FROM studies" in statement for statement in statements)


def test_errors_are_marked_and_not_quoted(site: Site, spans: InMemorySpanExporter) -> None:
    insert = text("INSERT INTO address_counts (network, began_at, sessions) VALUES (:n, '2026-01-01', 1)")
    with site.database.writing() as db:
        db.execute(insert, {"n": SECRETS[0]})
    with pytest.raises(IntegrityError), site.database.writing() as db:
        db.execute(insert, {"n": SECRETS[0]})
    failed = [span for span in spans.get_finished_spans() if span.status.status_code is StatusCode.ERROR]
    assert len(failed) == 1
    assert SECRETS[0] not in failed[0].to_json()
    assert failed[0].status.description is None


def test_an_error_of_a_page_is_marked_and_not_quoted(site: Site, spans: InMemorySpanExporter) -> None:
    @site.app.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError(SECRETS[0])

    assert TestClient(site.app, base_url=ORIGIN, raise_server_exceptions=False).get("/broken").status_code == 500
    (span,) = [span for span in spans.get_finished_spans() if span.name == "GET /broken"]
    assert span.status.status_code is StatusCode.ERROR
    assert (span.attributes or {})["error.type"] == "500"
    assert SECRETS[0] not in span.to_json()


def test_probes_leave_no_trace(site: Site, spans: InMemorySpanExporter) -> None:
    assert TestClient(site.app, base_url=ORIGIN).get("/healthz").status_code == 200
    assert [span.name for span in spans.get_finished_spans() if "healthz" in span.name] == []


def test_no_other_program_can_switch_traces_on(
    monkeypatch: pytest.MonkeyPatch, make_settings: Callable[..., Settings], sqlite_database_url: str, clock: FakeClock
) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr("opentelemetry.trace.get_tracer_provider", lambda: provider)
    site = night_study(make_settings(database_url=sqlite_database_url), clock)
    ask_with_secrets(site)
    site.database.close()
    assert exporter.get_finished_spans() == ()
    assert site.app._telemetry["auto_configure"] is False


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({}, None),
        ({ENDPOINT: ""}, None),
        ({ENDPOINT: "http://collector:4318"}, "http://collector:4318"),
        ({ENDPOINT: "http://c", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://t/v1"}, "http://t/v1"),
        ({ENDPOINT: "http://c", "OTEL_SDK_DISABLED": "true"}, None),
        ({ENDPOINT: "http://c", "OTEL_TRACES_EXPORTER": "none"}, None),
        ({"OTEL_SERVICE_NAME": "keytrail"}, None),
    ],
)
def test_only_a_collector_switches_it_on(environ: Mapping[str, str], address: str | None) -> None:
    assert collector(environ) == address


def test_doctor_says_where_traces_go(monkeypatch: pytest.MonkeyPatch) -> None:
    assert probe_traces({}).description == "No traces are sent."
    named = {ENDPOINT: "https://user:password@collector.lab.org:4318"}
    assert (probe_traces(named).well, probe_traces(named).description) == (True, "Traces go to collector.lab.org.")
    monkeypatch.setattr("keytrail.operations.doctor.is_installed", lambda: False)
    assert (probe_traces(named).well, probe_traces(named).fatal) == (False, False)
    assert "keytrail[otel]" in probe_traces(named).advice


def test_without_configuration_nothing_of_it_is_imported() -> None:
    program = (
        "import sys, keytrail.cli.web_processes, keytrail.cli.jobs, keytrail.operations.tracing as tracing\n"
        "tracing.start_tracing(None)\n"
        "ours = ('opentelemetry.sdk', 'opentelemetry.exporter', 'opentelemetry.instrumentation')\n"
        "print([name for name in sys.modules if name.startswith(ours)])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env={})
    assert done.stdout == "[]\n"


class Collector(BaseHTTPRequestHandler):
    """Takes traces as a collector does."""

    received: "Queue[bytes]" = Queue()

    def do_POST(self) -> None:
        self.received.put(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def test_a_server_sends_its_traces_to_the_collector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = HTTPServer(("127.0.0.1", 0), Collector)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    keytrail = Keytrail(tmp_path, "http://market.test")
    try:
        received = b""
        while b"SELECT" not in received:
            received += Collector.received.get(timeout=60)
    finally:
        keytrail.close()
        server.shutdown()
        server.server_close()
    assert b"service.name" in received
    assert str(tmp_path).encode() not in received

"""Health checks for load balancers, and metrics for Prometheus."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import httpx2
import pytest
from prometheus_client import generate_latest
from sqlalchemy import text

from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.models import ActionState, Delivery, DeliveryState, MessageKind, ScheduledJob
from keytrail.operations.probes import Probe
from keytrail.operations.queue_probes import probe_jobs, probe_messages
from keytrail.operations.readiness import probe_all
from keytrail.operations.scraping import DatabaseMetrics, registry_of, serving_metrics
from keytrail.settings import Settings
from tests.conftest import FakeClock
from tests.postgres import PostgresDatabases
from tests.requester.site import Site
from tests.waiting import free_port

WELL: dict[str, Any] = {
    "ready": True,
    "checks": {"database": "ok", "schema": "ok", "queue": "ok", "messages": "ok", "jobs": "ok", "disk": "ok"},
}


def ready(site: Site) -> tuple[int, Any]:
    site.clock.advance(seconds=2)
    answer = site.visitor().get("/readyz")
    return answer.status_code, answer.json()


def test_a_probe_is_answered_under_any_name_and_without_a_line_in_the_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "keytrail.access")
    answer = site.visitor().client.get("/healthz", headers={"host": "10.1.2.3:8000"})
    assert (answer.status_code, answer.text) == (200, "ok")
    assert ready(site) == (200, WELL)
    assert caplog.records == []


def test_a_lag_of_the_analysis_is_told_and_sends_nobody_away(site: Site) -> None:
    work = site.hand()
    work.hand.types("New.")
    work.submit(analysed=False)
    assert ready(site) == (200, WELL)
    site.clock.advance(minutes=11)
    assert ready(site) == (200, {"ready": True, "checks": WELL["checks"] | {"queue": "slow"}})
    site.analyse(1)
    assert ready(site) == (200, WELL)


def test_late_messages_and_failing_jobs_are_told_and_send_nobody_away(site: Site) -> None:
    now = site.clock()
    with site.database.writing() as db:
        db.add(Delivery(message_id="m", kind=MessageKind.TEST, data={}, created_at=now, next_try_at=now))
        db.add(ScheduledJob(name="retention", due_at=now, tries=0))
    assert ready(site) == (200, WELL)
    site.clock.advance(minutes=11)
    late = WELL["checks"] | {"messages": "slow", "jobs": "slow"}
    assert ready(site) == (200, {"ready": True, "checks": late})
    assert probe_messages(site.database, site.clock()).description == "The oldest message is 11 min overdue."
    assert probe_jobs(site.database, site.clock()).description == "retention should have run."
    with site.database.writing() as db:
        db.get_one(Delivery, 1).state = DeliveryState.DELIVERED
        job = db.get_one(ScheduledJob, "retention")
        job.due_at, job.tries, job.problem = site.clock(), 5, "The disk is full."
    assert probe_messages(site.database, site.clock()).well
    assert probe_jobs(site.database, site.clock()).description == "retention failed 5 times: The disk is full."


def test_a_full_disk_and_another_schema_are_not_ready(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Mock(free=1000))
    assert ready(site) == (503, {"ready": False, "checks": WELL["checks"] | {"disk": "failed"}})
    monkeypatch.undo()
    with site.database.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'other'"))
    assert ready(site) == (503, {"ready": False, "checks": {"database": "ok", "schema": "failed", "disk": "ok"}})


def test_a_database_that_is_away_is_not_ready_and_the_process_is_alive(site: Site) -> None:
    site.database.close()
    site.database.engine = Database("postgresql+psycopg://nobody@127.0.0.1:1/none").engine
    status, body = ready(site)
    assert (status, body["checks"]["database"]) == (503, "failed")
    assert site.visitor().get("/healthz").status_code == 200


@pytest.mark.postgres
def test_a_standby_is_not_ready(postgres_databases: PostgresDatabases) -> None:
    """It answers every question, and no batch could be stored."""
    with postgres_databases.lent() as url:
        assert {probe.name: probe.well for probe in probed(url)}["database"]
        found = probed(f"{url}?options=-c%20default_transaction_read_only%3Don")
    assert [(probe.name, probe.well) for probe in found] == [("database", False), ("disk", True)]
    assert "only for reading" in found[0].description


def probed(url: str) -> list[Probe]:
    database = Database(url)
    try:
        return probe_all(database, Path(), utc_now())
    finally:
        database.close()


@pytest.mark.parametrize(
    ("table", "failed"), [("deliveries", "messages"), ("scheduled_jobs", "jobs"), ("submissions", "queue")]
)
def test_a_check_that_cannot_be_made_has_failed(site: Site, table: str, failed: str) -> None:
    """A table is missing, as after a restore that was cut off."""
    with site.database.writing() as db:
        db.execute(text(f"ALTER TABLE {table} RENAME TO gone"))
    status, body = ready(site)
    assert (status, body) == (503, {"ready": False, "checks": WELL["checks"] | {failed: "failed"}})
    found = {probe.name: probe for probe in probe_all(site.database, Path(), site.clock())}
    assert found[failed].description.startswith("It could not be checked (")


def test_a_disk_that_does_not_answer_has_failed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", Mock(side_effect=OSError("stale file handle")))
    assert ready(site) == (503, {"ready": False, "checks": WELL["checks"] | {"disk": "failed"}})


@pytest.mark.parametrize("path", ["/healthz", "/sign-in", "/task/night", "/nowhere", "/static/embed.js", "/live"])
def test_head_answers_as_get_without_a_body(site: Site, path: str) -> None:
    client = site.visitor("olivia").client
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code
    assert head.content == b""
    fresh = {"x-request-id", "content-length"} if path in {"/live", "/sign-in"} else {"x-request-id"}
    assert {k: v for k, v in head.headers.items() if k not in fresh} == {
        k: v for k, v in got.headers.items() if k not in fresh
    }


def scraped(site: Site) -> str:
    return generate_latest(registry_of(DatabaseMetrics(site.database, site.clock))).decode()


def value(metrics: str, name: str) -> float:
    [found] = re.findall(rf"^{re.escape(name)} (\S+)$", metrics, re.MULTILINE)
    return float(found)


def test_metrics_count_requests_and_tell_queues_without_naming_anybody(site: Site) -> None:
    asked = 'keytrail_request_seconds_count{audience="worker",method="GET",status="2xx"}'
    client = site.visitor().client
    client.get("/task/night?workerId=AWORKER&assignmentId=A1")
    before = scraped(site)
    client.get("/task/night?workerId=AWORKER&assignmentId=A1")
    client.request("BREW", "/task/night")
    work = site.hand(worker="WSECRET")
    work.hand.types("New.")
    work.submit(analysed=False)
    after = scraped(site)
    assert value(after, asked) == value(before, asked) + 1
    assert 'method="other"' in after
    assert value(after, "keytrail_analysis_waiting") == 1
    assert value(after, "keytrail_analysis_oldest_seconds") == 7 * 60
    assert value(after, "keytrail_database_up") == 1
    for state in ActionState:
        assert value(after, f'keytrail_outbox_actions{{state="{state}"}}') == 0
    assert not re.search("AWORKER|WSECRET|/task/|night", after)


def test_metrics_have_a_port_of_their_own(
    make_settings: Callable[..., Settings], sqlite_database_url: str, clock: FakeClock, site: Site
) -> None:
    port = free_port()
    settings = make_settings(database_url=sqlite_database_url, metrics_port=port)
    with serving_metrics(settings, clock):
        assert "keytrail_database_up 1.0" in httpx2.get(f"http://127.0.0.1:{port}/metrics").text
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"http://127.0.0.1:{port}/metrics")
    assert site.visitor().get("/metrics").status_code == 404

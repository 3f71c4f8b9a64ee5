"""Serve metrics to Prometheus (scraping) on a separate port: those of all processes, and those read from the
database.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from tempfile import TemporaryDirectory
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.errors import BadSettings
from keytrail.models import ActionState, AnalysisFailure, PlatformAction, SessionState, WritingSession
from keytrail.review.analysis.failures import count_untried, oldest_untried
from keytrail.settings import Settings

SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""A variable of prometheus-client: the folder where the processes of one server store their metrics."""

_log = logging.getLogger("keytrail")


@contextmanager
def shared_by_processes(workers: int) -> Iterator[None]:
    """Let several processes share metrics. Enter it before anything imports prometheus-client's metrics."""
    if workers == 1 or SHARED_FOLDER in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="keytrail-metrics-") as folder:
        os.environ[SHARED_FOLDER] = folder
        yield


@contextmanager
def serving_metrics(settings: Settings, clock: Callable[[], datetime]) -> Iterator[None]:
    """Serve Prometheus while the block runs, if the settings name a port. Raises BadSettings if it is in use."""
    if settings.metrics_port is None:
        yield
        return
    database = Database(settings.database, 1)
    try:
        server, thread = start_http_server(
            settings.metrics_port, settings.metrics_host, registry_of(DatabaseMetrics(database, clock))
        )
    except OSError as error:
        raise BadSettings(f"KEYTRAIL_METRICS_PORT {settings.metrics_port} cannot be used: {error.strerror}.") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        database.close()


def registry_of(own: Collector) -> CollectorRegistry:
    """Return the registry with all metrics."""
    registry = CollectorRegistry()
    if SHARED_FOLDER in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # registers itself
    else:
        registry.register(REGISTRY)
    registry.register(own)
    return registry


class DatabaseMetrics(Collector):
    """Metrics of queues and the outbox. If the database does not answer, only that is reported."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    def describe(self) -> Iterable[Metric]:
        """Describe nothing before the first scrape: the database may be unavailable while a server starts."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield the current values."""
        try:
            with self._database.reading() as db:
                found = [*_analyses(db, self._clock()), _outbox(db), _sessions(db, self._clock())]
        except SQLAlchemyError as error:
            _log.warning("metrics: the database does not answer (%s)", type(error.__cause__ or error).__name__)
            found = []
        yield GaugeMetricFamily("keytrail_database_up", "Whether the database answered.", value=bool(found))
        yield from found


def _analyses(db: Session, now: datetime) -> Iterator[Metric]:
    oldest = oldest_untried(db)
    failed = select(func.count(AnalysisFailure.submission_id))
    waits = "Submissions that wait for their first analysis."
    yield GaugeMetricFamily("keytrail_analysis_waiting", waits, value=count_untried(db))
    age = 0.0 if oldest is None else (now - oldest).total_seconds()
    yield GaugeMetricFamily("keytrail_analysis_oldest_seconds", "How long the oldest of them has waited.", value=age)
    again = db.scalar(failed.where(AnalysisFailure.next_at.is_not(None))) or 0
    yield GaugeMetricFamily("keytrail_analysis_retrying", "Analyses that failed and are tried again.", value=again)
    over = db.scalar(failed.where(AnalysisFailure.next_at.is_(None))) or 0
    yield GaugeMetricFamily("keytrail_analysis_given_up", "Analyses that have failed too often.", value=over)


def _outbox(db: Session) -> Metric:
    query = select(PlatformAction.state, func.count()).group_by(PlatformAction.state)
    counts: dict[str, int] = dict(db.execute(query).all())
    family = GaugeMetricFamily("keytrail_outbox_actions", "Platform actions by state.", labels=("state",))
    for state in ActionState:
        family.add_metric((str(state),), counts.get(state, 0))
    return family


def _sessions(db: Session, now: datetime) -> Metric:
    query = select(func.count(WritingSession.id)).where(
        WritingSession.state == SessionState.OPEN, WritingSession.expires_at > now
    )
    return GaugeMetricFamily(
        "keytrail_sessions_open", "Writing sessions that are in progress.", value=db.scalar(query) or 0
    )

"""Metrics of a process for Prometheus. `keytrail.operations.scraping` serves them with those from the database.

They hold only times, numbers and the words below; never a page's address, an id or a text.
"""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

_FAST_S: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SLOW_S: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)

REQUEST_SECONDS: Final = Histogram(
    "keytrail_request_seconds",
    "Time until an answer began, by audience (worker, user, static, probe), method and class of status.",
    ("audience", "method", "status"),
    buckets=_FAST_S,
)
BATCHES: Final = Counter(
    "keytrail_ingest_batches",
    "Batches of events, by outcome: stored (or known already), refused (late, or no page load's), failed (sent again).",
    ("outcome",),
)
EVENTS: Final = Counter("keytrail_ingest_events", "Events in batches that were stored.")
GROUP_BATCHES: Final = Histogram(
    "keytrail_group_commit_batches", "Batches in one transaction.", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256)
)
GROUP_SECONDS: Final = Histogram("keytrail_group_commit_seconds", "Time of one transaction.", buckets=_FAST_S)
GROUP_WAITING: Final = Gauge(
    "keytrail_group_commit_waiting", "Batches that wait for their transaction.", multiprocess_mode="livesum"
)
ANALYSIS_SECONDS: Final = Histogram(
    "keytrail_analysis_seconds", "Time of one analysis, by outcome: done or failed.", ("outcome",), buckets=_SLOW_S
)

"""What Prometheus reads after a worker's batches were committed and the submission was analysed."""

import re

from fastapi import FastAPI
from prometheus_client import generate_latest

from keytrail.operations.scraping import DatabaseMetrics, registry_of
from tests.conftest import FakeClock
from tests.waiting import until
from tests.worker.test_events import TYPED, database_of
from tests.worker.visitor import Visitor

ANALYSES = 'keytrail_analysis_seconds_count{outcome="done"}'
GROUPS = ("keytrail_group_commit_batches_count", "keytrail_group_commit_batches_sum")


def test_group_commits_and_the_time_of_analyses_are_exposed(
    server: FastAPI, writing: Visitor, clock: FakeClock
) -> None:
    def value(name: str) -> float:
        shown = generate_latest(registry_of(DatabaseMetrics(database_of(server), clock))).decode()
        found = re.findall(rf"^{re.escape(name)} (\S+)$", shown, re.MULTILINE)
        return sum(map(float, found))  # an outcome that has not occurred yet has no line

    before = {name: value(name) for name in (*GROUPS, "keytrail_group_commit_seconds_count")}
    assert writing.post_events(2, TYPED).status_code == 200
    assert {name: value(name) - number for name, number in before.items()} == dict.fromkeys(before, 1)
    assert value("keytrail_group_commit_waiting") == 0
    analyses, seconds = value(ANALYSES), value('keytrail_analysis_seconds_sum{outcome="done"}')
    assert writing.post_submission("three short words").status_code == 200
    until(lambda: value(ANALYSES) == analyses + 1, "the analysis")
    assert value('keytrail_analysis_seconds_sum{outcome="done"}') > seconds

"""Nobody stops the server by what a page sends: each flood of the attack of November 2026, in small.

Memory is measured in a process of its own that has so much and no more; work is counted, not timed.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from keytrail.child_process import HelperProcess
from keytrail.db import Database
from keytrail.models import Epoch, EventBatch, Study, Submission
from keytrail.provenance import restore
from keytrail.review.analysis.background import examined
from keytrail.review.replay import drafts
from keytrail.review.replay.drafts import draft_of
from tests.worker.test_events import database_of
from tests.worker.visitor import Visitor

Visit = Callable[..., Visitor]
START: list[Any] = [[0, "E", {"v": "1.0"}], [0, "i", "empty", 0, 2166136261]]
MEMORY_MB = 300


def flood(visitor: Visitor, batches: int, events: list[Any]) -> None:
    """Post so many batches of these events after the usual start."""
    assert visitor.post_events(0, START).status_code == 200
    for number in range(batches):
        seq = len(START) + number * len(events)
        assert visitor.post_events(seq, events).json() == {"committed": seq + len(events) - 1}


@pytest.fixture
def bench(database_url: str) -> Iterator[HelperProcess]:
    found = HelperProcess(database_url, memory_mb=MEMORY_MB, cpu_seconds=60)
    yield found
    found.close()


@pytest.fixture
def pasted(visit: Visit) -> Visitor:
    """Eight million characters that are stored in a few kilobytes: at 160 bytes each over a gigabyte to replay."""
    visitor = visit()
    visitor.accept()
    flood(visitor, 40, [[1, "e", 0, 0, "x" * 200_000, "insertFromPaste", 2]])
    return visitor


def test_few_bytes_that_are_much_text_are_replayed_in_bounded_memory(
    pasted: Visitor, server: FastAPI, bench: HelperProcess
) -> None:
    with database_of(server).reading() as db:
        stored = db.scalars(select(func.sum(func.length(EventBatch.body)))).one()
    assert stored < 49_000
    assert len(bench.call(draft_of, 1).text) <= 500_000
    assert pasted.post_submission("three short words", events=42).status_code == 200
    with database_of(server).reading() as db:
        submission_id = db.scalars(select(Submission.id)).one()
    found = bench.call(examined, submission_id)
    assert found is not None
    assert "cut" in found.report.integrity["anomalies"]


def test_the_text_is_taken_and_the_report_says_that_the_log_was_cut(pasted: Visitor, server: FastAPI) -> None:
    assert pasted.post_submission("three short words", events=42).status_code == 200
    with database_of(server).reading() as db:
        submission = db.scalars(select(Submission).options(joinedload(Submission.report))).one()
    assert submission.report is not None
    assert (submission.text, submission.verdict) == ("three short words", "unverifiable")
    [cut] = [found for found in submission.report.body["findings"] if found["id"] == "log_cut"]
    assert cut["explanation"].startswith("The log was cut: 1 page load sent more events or text than the server stores")


def test_a_page_load_over_a_long_log_replays_nothing_in_the_server(
    visit: Visit, server: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = visit()
    visitor.accept()
    flood(visitor, 20, [[1, "e", 0, 0, "x", "insertText", 2]] * 1700)
    here: list[int] = []
    monkeypatch.setattr(drafts, "restore", lambda logs: here.append(sum(len(log.events) for log in logs)))
    monkeypatch.setattr(server.state.services.drafts, "_helper", asked := Elsewhere())
    for _ in range(5):
        assert visitor.open().status_code == 200
    assert (here, asked.times) == ([], 0)
    for _ in range(5):
        assert ask(client, visitor.ticket).json()["text"] == "from elsewhere"
    assert (here, asked.times) == ([], 1), "what was made is kept until the log has grown"
    assert visitor.open().status_code == 200
    assert visitor.text_of("answer").strip() == "from elsewhere"


def ask(client: TestClient, ticket: str) -> Any:
    """As the page's script does."""
    return client.post("/api/worker/draft", content=json.dumps({"v": 1, "ticket": ticket}))


class Elsewhere:
    """Counts what is done in another process."""

    times = 0

    def call(self, *_: Any) -> drafts.StoredDraft:
        self.times += 1
        return drafts.StoredDraft("from elsewhere", settled=True, missing=False)

    def close(self) -> None:
        pass


def test_a_draft_is_replayed_while_others_write(visit: Visit, server: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    database: Database = database_of(server)
    visitor = visit()
    visitor.accept()
    visitor.post_events(0, [*START, [1, "e", 0, 0, "Shade", "insertText", 2]])

    def restore_and_write(logs: Any) -> Any:
        with database.writing() as db:
            db.execute(update(Study).values(title="Written meanwhile"))
        return restore(logs)

    monkeypatch.setattr(drafts, "restore", restore_and_write)
    assert visitor.open().status_code == 200
    assert visitor.text_of("answer").strip() == "Shade"
    with database.reading() as db:
        assert set(db.scalars(select(Study.title))) == {"Written meanwhile"}


def test_no_more_than_a_few_drafts_are_made_at_a_time(
    visit: Visit, server: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page opens all the same; its script asks again, as after any answer of 500 or more."""
    before, after = visit(), visit()
    before.accept()
    before.post_events(0, [*START, [1, "e", 0, 0, "Shade", "insertText", 2]])
    made = server.state.services.drafts
    taken = [made._seats.acquire(blocking=False) for _ in range(10)]
    assert all(taken)
    assert after.open().status_code == 200
    assert after.text_of("answer").strip() == ""
    assert "data-draft-url" in after.page
    answer = ask(client, after.ticket)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "busy")
    for _ in taken:
        made._seats.release()
    assert ask(client, after.ticket).json()["text"] == "Shade"


def test_the_longest_honest_sessions_are_far_from_the_limits(visit: Visit, server: FastAPI) -> None:
    """6,650 keystrokes in 23 minutes, in three events each, is the longest of the sessions at hand."""
    visitor = visit()
    visitor.accept()
    key = [[90, "k", "KeyE", "e", 0], [1, "e", 0, 0, "e", "insertText", 2], [60, "u", "KeyE", 0]]
    flood(visitor, 34, key * 200)
    with database_of(server).reading() as db:
        epoch = db.scalars(select(Epoch)).one()
    assert epoch.cut_seq is None
    assert epoch.events * 4 < 100_000
    assert epoch.characters * 40 < 500_000

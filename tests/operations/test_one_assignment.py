"""Two people under one assignment id at the same moment, at a real server: the whole way of both, on both databases."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import httpx2
import pytest
from httpx2 import Response
from sqlalchemy import select

from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.models import Submission, Worker, WritingSession
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.operations.fleet import Fleet
from tests.worker.visitor import Visitor

ROUNDS = 8
TEXT = "A text that worker {} wrote."


@pytest.fixture
def fleet(database_url: str, database: Database, tmp_path: Path) -> Iterator[Fleet]:
    """With a study at Mechanical Turk; two processes on PostgreSQL, one on SQLite, which allows no more."""
    with database.writing() as db:
        definition = StudyDefinition(
            title="Hits", slug="hits", instructions="Write.", minimum_words=2, platform="mturk", places_per_item=1000
        )
        add_items(db, create_study(db, definition, None, utc_now()), [ItemRow(key="a", text="A text.")])
    found = Fleet(tmp_path, database_url, processes=2 if database.engine.dialect.name == "postgresql" else 1)
    found.serve()
    yield found
    found.close()
    assert "Traceback" not in found.log("serve.log")


@pytest.fixture
def visitor(fleet: Fleet) -> Callable[[str, str], Visitor]:
    """A worker's own browser, at an assignment."""

    def visitor(worker: str, assignment: str) -> Visitor:
        fleet.clients.append(httpx2.Client(base_url=fleet.url, timeout=60))
        ids = {"assignmentId": assignment, "hitId": "H", "workerId": worker, "turkSubmitTo": "https://www.mturk.com"}
        return Visitor(fleet.clients[-1], "hits", ids)

    return visitor


def at_once(*steps: Callable[[], Response]) -> list[int]:
    """The statuses of requests that are sent at the same moment."""
    gate = Barrier(len(steps))

    def take(step: Callable[[], Response]) -> int:
        gate.wait(60)
        return step().status_code

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(take, steps))


def work_of(database: Database) -> dict[str, list[tuple[int, str]]]:
    """By assignment: each session's worker and text."""
    found: dict[str, list[tuple[int, str]]] = {}
    query = (
        select(WritingSession.assignment_pseudonym, Worker.id, Submission.text)
        .join(WritingSession.worker)
        .outerjoin(Submission, Submission.session_id == WritingSession.id)
        .order_by(Submission.text)
    )
    with database.reading() as db:
        for assignment, worker, text in db.execute(query):
            found.setdefault(assignment, []).append((worker, text))
    return found


def test_two_workers_under_one_id_each_have_work_of_their_own(
    visitor: Callable[[str, str], Visitor], database: Database
) -> None:
    for number in range(ROUNDS):
        pair = [visitor(f"W{number}{letter}", f"A{number}") for letter in "ab"]
        assert at_once(*(one.open for one in pair)) == [200, 200]
        assert at_once(*(lambda one=one: one.send("consent") for one in pair)) == [303, 303]
        assert at_once(*(one.open for one in pair)) == [200, 200]
        writing = [
            lambda one=one, letter=letter: one.post_submission(TEXT.format(letter))
            for one, letter in zip(pair, "ab", strict=True)
        ]
        assert at_once(*writing) == [200, 200]
    work = work_of(database)
    assert [[text for _, text in both] for both in work.values()] == [[TEXT.format("a"), TEXT.format("b")]] * ROUNDS
    assert len({worker for both in work.values() for worker, _ in both}) == 2 * ROUNDS


def test_one_worker_in_two_tabs_has_one_work(visitor: Callable[[str, str], Visitor], database: Database) -> None:
    """Both agree at the same moment, and both submit at the same moment: one text is taken, and both are told so."""
    for number in range(ROUNDS):
        tabs = [visitor(f"W{number}", f"A{number}") for _ in range(2)]
        assert at_once(*(one.open for one in tabs)) == [200, 200]
        assert at_once(*(lambda one=one: one.send("consent") for one in tabs)) == [303, 303]
        assert at_once(*(one.open for one in tabs)) == [200, 200]
        assert at_once(*(lambda one=one: one.post_submission(TEXT.format("x")) for one in tabs)) == [200, 200]
    work = work_of(database)
    assert [[text for _, text in each] for each in work.values()] == [[TEXT.format("x")]] * ROUNDS

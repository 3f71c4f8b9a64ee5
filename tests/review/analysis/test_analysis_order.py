from collections.abc import Callable
from threading import Thread

from sqlalchemy import select

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import Study
from keytrail.platforms import Assignment
from keytrail.review.analysis.analyst import Analyst
from keytrail.review.analysis.failures import record_failure
from keytrail.review.analysis.logs import USUAL_CHARACTERS
from keytrail.sessions.lifecycle import open_epoch, open_session
from keytrail.sessions.submission import Answer, submit
from keytrail.studies import ItemRow, add_items
from tests.conftest import FakeClock
from tests.review.analysis.analysts import submissions
from tests.waiting import until

__all__ = ["submissions"]


class Listed:
    """A helper that writes down its work, and hands over more while it is at the first."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self.asked: list[int] = []
        self._meanwhile = meanwhile

    def call(self, _work: object, submission_id: int) -> None:
        self.asked.append(submission_id)
        if len(self.asked) == 1:
            self._meanwhile()

    def close(self) -> None:
        """Do nothing."""


def test_expensive_logs_and_retries_wait_behind_a_usual_one_that_comes_last(
    database: Database, keyring: Keyring, clock: FakeClock, submissions: list[int]
) -> None:
    def submitted(name: str, characters: int) -> int:
        with database.writing() as db:
            visit = Assignment(worker_id=name, assignment_id=name)
            session = open_session(db, db.scalars(select(Study)).one(), visit, keyring, clock())
            open_epoch(db, session, clock()).characters = characters
            return submit(db, session.id, Answer("three short words"), clock()).id

    def hand_over() -> None:
        came_last.append(submitted("usual", 1000))
        analyst.soon(came_last[0])

    came_last: list[int] = []
    with database.writing() as db:
        add_items(db, db.scalars(select(Study)).one(), [ItemRow(key=key, text="A text") for key in "bcde"])
    long = [submitted(name, USUAL_CHARACTERS + 1) for name in ("L1", "L2", "L3")]
    with database.writing() as db:
        for failed in submissions:
            record_failure(db, failed, "It exceeded the time limit.", clock())
    clock.advance(minutes=1)
    helper = Listed(hand_over)
    analyst = Analyst(database, helper, clock, at_once=False)  # type: ignore[arg-type]  # does nothing
    running = Thread(daemon=True, target=analyst.run, args=(60,))
    running.start()
    until(lambda: len(helper.asked) == 6, "all tries")
    analyst.stop()
    running.join(30)
    assert helper.asked == [long[0], *came_last, *long[1:], *submissions]

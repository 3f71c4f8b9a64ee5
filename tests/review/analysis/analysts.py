"""Two submissions to analyse, and a helper process that may die of one."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from keytrail.child_process import HelperFailed, InProcessHelper
from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import AnalysisFailure, StoredReport
from keytrail.platforms import Assignment
from keytrail.review.analysis.analyst import Analyst
from keytrail.sessions.lifecycle import open_epoch, open_session
from keytrail.sessions.submission import Answer, submit
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock


class Mortal(InProcessHelper):
    """A helper that fails on given submissions."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.deadly: set[int] = set()
        self.asked: list[int] = []

    def call(self, work: Callable[..., Any], *args: Any) -> Any:
        self.asked.append(args[0])
        if args[0] in self.deadly:
            raise HelperFailed("It exceeded the memory limit.")
        return super().call(work, *args)


@pytest.fixture
def submissions(database: Database, keyring: Keyring, clock: FakeClock) -> list[int]:
    """Two answers that nobody has looked at."""
    with database.writing() as db:
        study = create_study(db, StudyDefinition(title="T", slug="t", instructions="I", minimum_words=1), None, clock())
        add_items(db, study, [ItemRow(key="a", text="A text")])
        made = []
        for worker in ("V", "W"):
            session = open_session(db, study, Assignment(worker_id=worker, assignment_id=worker), keyring, clock())
            open_epoch(db, session, clock())
            made.append(submit(db, session.id, Answer("three short words"), clock()).id)
    return made


@pytest.fixture
def helper(database: Database) -> Mortal:
    return Mortal(database)


@pytest.fixture
def analyst(database: Database, helper: Mortal, clock: FakeClock) -> Analyst:
    return Analyst(database, helper, clock, at_once=True)


def reports(database: Database) -> int:
    with database.reading() as db:
        return db.scalars(select(func.count()).select_from(StoredReport)).one()


def failure(database: Database, submission_id: int) -> AnalysisFailure | None:
    with database.reading() as db:
        return db.get(AnalysisFailure, submission_id)

from pathlib import Path

import pytest

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.studies.conditions import Condition, Measure
from tests.conftest import FakeClock
from tests.synthetic.conftest import ToyStudy, begin
from tests.text import toycorpus

CONDITIONS = (Condition(name="plain"), Condition(name="no pasting", measures=frozenset({Measure.REFUSE_PASTE})))


@pytest.fixture
def handed_in(database: Database, clock: FakeClock, keyring: Keyring, tmp_path: Path) -> ToyStudy:
    """Three submissions of two conditions, not scored: their figures take no time. On either database."""
    toys = ToyStudy(database, clock, keyring, tmp_path)
    begin(toys)
    with database.writing() as db:
        toys.study(db).conditions = [condition.as_json() for condition in CONDITIONS]
    for number in range(3):
        toys.submit(number, toycorpus.human_text(number, 300), pasted=number == 1)
    return toys

"""The longest session of the field data passes the real endpoints with the limits that a server has by default."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from keytrail.evaluation.reading import find
from keytrail.models import WIRE_1, Epoch, Study, Submission
from tests.fielddata import field_data
from tests.worker.test_events import stored_events
from tests.worker.visitor import Visitor

pytestmark = pytest.mark.field

_BATCH = 200
_FEWEST = 10_000
"""Fewer events in the longest session would mean that its file is not read any more."""


def test_the_longest_session_is_accepted_whole_and_submitted(visit: Callable[..., Visitor], server: FastAPI) -> None:
    sessions = [one.session for one in find([field_data()]).sessions if one.session.log_format == WIRE_1]
    longest = max(sessions, key=lambda one: sum(map(len, one.epochs)))
    (events,) = longest.epochs
    assert len(events) >= _FEWEST
    with server.state.services.database.writing() as db:
        db.execute(update(Study).values(minimum_words=0, maximum_words=len(longest.text)))
    visitor = visit()
    visitor.accept()
    for seq in range(0, len(events), _BATCH):
        batch = list(events[seq : seq + _BATCH])
        assert visitor.post_events(seq, batch).json() == {"committed": seq + len(batch) - 1}
    answer = visitor.post_submission(longest.text, events=len(events))
    assert answer.status_code == 200, answer.text
    with server.state.services.database.reading() as db:
        submission = db.scalars(select(Submission)).one()
        assert (submission.text, submission.log_complete) == (longest.text, True)
        assert db.scalars(select(Epoch)).one().cut_seq is None
    assert len(stored_events(server)) == len(events)

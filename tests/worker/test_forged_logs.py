"""Well-formed logs that cannot be true: stored unchanged, and the report states the contradiction."""

from typing import Any

import pytest
from fastapi import FastAPI

from keytrail.review.analysis.bridge import analyse_submission, load_for_analysis
from tests.conftest import FakeClock
from tests.worker.posting import FIRST
from tests.worker.test_events import database_of, stored_events
from tests.worker.visitor import Visitor

TEXT = "ants walk far"
_TRUE = [[5, "e", 0, 0, TEXT, "insertText", 2]]


@pytest.mark.parametrize(
    "lie",
    [
        [[1, "e", 5000, 0, "x", "insertText", 2]],
        [[1, "e", 0, 5000, "", "deleteContentBackward", 2]],
        [[1, "e", 2**53 - 1, 2**53 - 1, "x", "insertText", 2]],
        [[1, "e", 0, 0, "never written ", "insertText", 2]],
        [[1, "e", 0, 0, "\ud800\0", "insertText", 2]],
        [[1, "n", 13, 0]],
        [[1, "n", 2**31, 2**32 - 1]],
        [[1, "z", 0, 0, 0, -1, 2**50], [1, "n", 3, 3]],
        [[-(2**53 - 1), "n", 1, 1], [2**53 - 1, "n", 1, 1]],
    ],
    ids=lambda events: "".join(event[1] for event in events),
)
def test_a_log_that_contradicts_the_text_is_kept_and_said(
    writing: Visitor, server: FastAPI, clock: FakeClock, lie: list[Any]
) -> None:
    sent = [*_TRUE, *lie]
    assert writing.post_events(2, sent).status_code == 200
    assert writing.post_submission(TEXT, events=2 + len(sent)).status_code == 200
    assert stored_events(server) == [*FIRST, *sent]
    with database_of(server).writing() as db:
        submission = load_for_analysis(db, 1)
        assert submission is not None
        report = analyse_submission(db, submission, clock())
    assert "log_inconsistent" in {finding.rule for finding in report.findings}
    assert sum(report.origins.values()) == len(TEXT)


def test_a_log_that_agrees_is_not_said_to_contradict(writing: Visitor, server: FastAPI, clock: FakeClock) -> None:
    assert writing.post_events(2, _TRUE).status_code == 200
    assert writing.post_submission(TEXT, events=3).status_code == 200
    with database_of(server).writing() as db:
        submission = load_for_analysis(db, 1)
        assert submission is not None
        report = analyse_submission(db, submission, clock())
    assert "log_inconsistent" not in {finding.rule for finding in report.findings}

"""`keytrail decide …` says what it queued for the platform, and says nothing of it if it queued nothing."""

import pytest
from sqlalchemy import select

from keytrail.models import Study
from tests.platform_actions.commands import run
from tests.platform_actions.installation import Installation
from tests.platform_actions.prolific_double import ProlificDouble
from tests.platform_actions.recruiting import at, double, published, work

__all__ = ["at", "double"]


@pytest.fixture
def texts(at: Installation, double: ProlificDouble) -> list[str]:
    published(at)
    return [work(at, double, number) for number in (1, 2)]


def decided(at: Installation, *arguments: str) -> str:
    return run(at, "decide", *arguments).output.strip()


def test_what_was_queued_is_counted(at: Installation, texts: list[str]) -> None:
    first, second = texts
    assert decided(at, "accept", *texts, first) == (
        "Decided: accept, 2 submissions. 2 approvals queued; nothing is sent yet."
    )
    # Two approvals wait already, so the same decision again queues none.
    assert decided(at, "accept", first) == "Decided: accept, 1 submission."
    assert decided(at, "propose_rejection", second, "--reason", "no_typing") == (
        "Decided: propose_rejection, 1 submission. 1 rejection queued; nothing is sent yet."
    )


def test_nothing_is_said_to_be_queued_where_nothing_is(at: Installation, texts: list[str]) -> None:
    first, second = texts
    assert decided(at, "second_look", first) == "Decided: second_look, 1 submission."
    decided(at, "accept", first)
    assert decided(at, "withdrawn", first) == "Decided: withdrawn, 1 submission."
    with at.database.writing() as db:
        db.scalars(select(Study)).one().reviews_per_submission = 2
    assert decided(at, "accept", second) == "Decided: accept, 1 submission."
    assert at.waiting() == []

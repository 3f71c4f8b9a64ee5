from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from keytrail.models import SessionState, WritingSession
from keytrail.platforms.mturk_api import MTurkApi
from keytrail.sessions.participation import NotEligible
from tests.platform_actions.market import Market
from tests.sandbox.people import WorkerBrowser

SignUp = Callable[..., WorkerBrowser]


@pytest.fixture
def hits(market: Market) -> list[str]:
    return market.publish()


def states(market: Market) -> list[str]:
    with market.database.reading() as db:
        return list(db.scalars(select(WritingSession.state).order_by(WritingSession.id)))


def test_a_worker_gets_the_item_of_the_hit(market: Market, hits: list[str], sign_up: SignUp) -> None:
    worker = sign_up()
    # Evenly handed out, the first worker would get item "a".
    assert market.consent(worker, hits[1], worker.accept(hits[1])) == "b"
    assert market.consent("W2", "3UNKNOWNHIT", "A2") == "a"


def test_nobody_gets_an_item_twice_but_whoever_gave_it_back_may_try_again(
    market: Market, hits: list[str], sign_up: SignUp
) -> None:
    worker = sign_up()
    assignment_id = worker.accept(hits[0])
    market.consent(worker, hits[0], assignment_id)
    market.time.jump(minutes=1)
    worker.give_back(assignment_id)
    market.reconciler.compare(market.study_id)
    assert states(market) == [SessionState.RETURNED]
    market.write(worker, hits[0])
    market.reconciler.compare(market.study_id)
    with pytest.raises(NotEligible, match="already submitted a text about this item"):
        market.consent(worker, hits[0], "ANOTHER")


def test_the_id_of_returned_work_is_the_next_workers_to_start_afresh(
    market: Market, hits: list[str], sign_up: SignUp
) -> None:
    first, second = sign_up("first"), sign_up("second")
    assignment_id = first.accept(hits[0])
    market.consent(first, hits[0], assignment_id)
    first.give_back(assignment_id)
    assert second.accept(hits[0]) == assignment_id
    assert market.consent(second, hits[0], assignment_id) == "a"
    assert states(market) == [SessionState.OPEN, SessionState.OPEN]
    second.submit(assignment_id, receipt="x")
    market.time.jump(minutes=1)
    assert market.reconciler.compare(market.study_id).freed == 1  # the first one's place, and not the second one's
    assert states(market) == [SessionState.RETURNED, SessionState.OPEN]


def test_a_place_that_was_given_back_is_free_and_one_in_work_is_not(
    market: Market, hits: list[str], sign_up: SignUp
) -> None:
    gone, busy = sign_up("gone"), sign_up("busy")
    given_back = gone.accept(hits[0])
    market.consent(gone, hits[0], given_back)
    market.consent(busy, hits[1], busy.accept(hits[1]))
    gone.give_back(given_back)
    market.time.jump(minutes=1)
    compared = market.reconciler.compare(market.study_id)
    assert (compared.looked_at, compared.freed) == (2, 1)
    assert states(market) == [SessionState.RETURNED, SessionState.OPEN]


def test_comparing_again_finds_nothing_new(market: Market, hits: list[str], sign_up: SignUp) -> None:
    market.write(sign_up(), hits[0])
    market.time.jump(minutes=1)
    assert market.reconciler.compare(market.study_id).news == 1
    assert market.reconciler.compare(market.study_id).news == 0
    assert (market.tasks()[0].completed, market.tasks()[0].available) == (1, 1)


def test_more_than_a_page_of_assignments_is_read(market: Market, requester: Any) -> None:
    asked: list[str] = []

    class Watched:
        def __getattr__(self, name: str) -> Any:
            def call(**parameters: Any) -> Any:
                asked.append(name)
                more = {"NextToken": "2"} if "NextToken" not in parameters else {}
                return {"Assignments": [{"AssignmentId": f"A{len(asked)}"}]} | more

            return call

    assert [a["AssignmentId"] for a in MTurkApi(Watched()).assignments("H")] == ["A1", "A2"]

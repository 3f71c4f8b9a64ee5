from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from keytrail.errors import BadRequest, Conflict
from keytrail.models import ActionState, PlatformAction, PlatformPlan, PlatformTask, Study
from keytrail.platform_actions.ledger import totals
from keytrail.platform_actions.outbox import cancel, claim, get_action
from keytrail.platform_actions.publication import (
    Offer,
    plan_publication,
    queue_expiry,
    queue_extension,
    queue_publication,
    read_offer,
    set_budget,
)
from keytrail.platforms.mturk_api import MTurkApi
from tests.platform_actions.market import OFFER, TASK_URL, Market
from tests.sandbox.people import WorkerBrowser

SignUp = Callable[..., WorkerBrowser]


def queued(market: Market, offer: Offer = OFFER) -> list[PlatformAction]:
    with market.database.writing() as db:
        study = db.get_one(Study, market.study_id)
        return queue_publication(db, study, offer, TASK_URL, market.owner_id, market.time())


def test_the_preview_tells_items_and_cost_with_the_large_fee(market: Market) -> None:
    with market.database.reading() as db:
        study = db.get_one(Study, market.study_id)
        small = plan_publication(db, study, OFFER, market.time())
        large = plan_publication(db, study, OFFER.model_copy(update={"assignments": 10}), market.time())
    assert (len(small.items), small.cost.workers, small.cost.fees, small.large_fee) == (2, 400, 80, False)
    assert (large.cost.workers, large.cost.fees, large.large_fee) == (2000, 800, True)


def test_every_item_becomes_a_hit_that_frames_the_task(market: Market, requester: Any) -> None:
    hits = market.publish()
    assert len(hits) == 2
    hit = requester.get_hit(HITId=hits[0])["HIT"]
    assert "task/night?a=1&amp;b=&lt;2&gt;</ExternalURL><FrameHeight>0<" in hit["Question"]
    assert (hit["Reward"], hit["MaxAssignments"], hit["AssignmentDurationInSeconds"]) == ("1.00", 2, 3600)
    (hide_from_excluded,) = hit["QualificationRequirements"]
    assert (hide_from_excluded["Comparator"], hide_from_excluded["ActionsGuarded"]) == (
        "DoesNotExist",
        "DiscoverPreviewAndAccept",
    )


def test_qualifications_are_sent_as_the_form_says(market: Market, requester: Any) -> None:
    wanted = {"countries": "de, us", "approval_rate": "95", "approved_count": "100", "hide_from_excluded": False}
    offer = read_offer({"title": "T", "description": "D"} | wanted)
    hits = market.publish(offer)
    requirements = requester.get_hit(HITId=hits[0])["HIT"]["QualificationRequirements"]
    values = [r.get("LocaleValues") or r.get("IntegerValues") for r in requirements]
    assert values == [[{"Country": "DE"}, {"Country": "US"}], [95], [100]]


@pytest.mark.parametrize(
    ("field", "value"), [("countries", "Germany"), ("assignments", "0"), ("title", " "), ("days", "x"), ("odd", "1")]
)
def test_an_offer_with_a_wrong_field_is_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(BadRequest, match=field):
        read_offer({"title": "T", "description": "D", field: value})


def test_publishing_twice_makes_no_second_hit(market: Market) -> None:
    market.publish()
    assert queued(market) == []
    assert len(market.tasks()) == 2


def test_a_hit_that_was_made_before_the_crash_is_found_again(market: Market, requester: Any) -> None:
    action = queued(market)[0]
    with market.database.writing() as db:
        claim(db, get_action(db, market.study_id, action.id), market.owner_id, market.time())
    # The process performs the action and is killed before it can write down that it did.
    other = Market(market.database, market.keyring, market.time, market.settings, market.study_id, market.owner_id)
    sender = other.sender
    real_settle = sender._settle
    sender._settle = lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign]
    market.time.jump(minutes=3)
    with pytest.raises(KeyboardInterrupt):
        sender.send(market.study_id, action.id, market.owner_id)
    assert real_settle is not None
    assert market.tasks() == []
    assert len(requester.list_hits()["HITs"]) == 1
    assert market.send(action).outcome.startswith("This is being sent")
    market.time.jump(minutes=3)
    assert market.send(action).state == ActionState.SENT
    assert [task.external_id for task in market.tasks()] == [requester.list_hits()["HITs"][0]["HITId"]]


def test_a_hit_is_found_by_its_annotation_when_the_token_is_forgotten(market: Market, requester: Any) -> None:
    action = queued(market)[0]
    sender = market.sender
    sender._settle = lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        sender.send(market.study_id, action.id, market.owner_id)
    market.time.jump(hours=25)
    assert market.send(action).state == ActionState.SENT
    assert len(requester.list_hits()["HITs"]) == 1


def test_the_budget_stops_publishing_before_and_at_sending(market: Market) -> None:
    with market.database.writing() as db:
        study = db.get_one(Study, market.study_id)
        set_budget(db, study, 300)
        with pytest.raises(Conflict, match="more than the budget"):
            queue_publication(db, study, OFFER, TASK_URL, market.owner_id, market.time())
        db.get_one(PlatformPlan, market.study_id).budget_cents = 480
    first, second = queued(market)
    with market.database.writing() as db:
        db.get_one(PlatformPlan, market.study_id).budget_cents = 300
    assert market.send(first).state == ActionState.SENT
    stopped = market.send(second)
    assert (stopped.state, stopped.outcome[:24]) == (ActionState.QUEUED, "This would commit 2.40 U")


def test_adding_places_and_ending_a_hit(market: Market, requester: Any, sign_up: SignUp) -> None:
    hit = market.publish()[0]
    with market.database.writing() as db:
        study, task = db.get_one(Study, market.study_id), db.get_one(PlatformTask, market.tasks()[0].id)
        with pytest.raises(BadRequest, match="fewer than 10"):
            queue_extension(db, study, task, 8, market.owner_id, market.time())
        more = queue_extension(db, study, task, 3, market.owner_id, market.time())
    assert market.send(more).state == ActionState.SENT
    assert requester.get_hit(HITId=hit)["HIT"]["MaxAssignments"] == 5
    market.write(sign_up(), hit)
    with market.database.writing() as db:
        study, task = db.get_one(Study, market.study_id), db.get_one(PlatformTask, market.tasks()[0].id)
        end = queue_expiry(db, study, task, market.owner_id, market.time())
    assert market.send(end).state == ActionState.SENT
    market.reconciler.compare(market.study_id)
    with market.database.reading() as db:
        # One place was taken; the other four are free again. The second HIT still commits its two places.
        assert totals(db, market.study_id, market.time()).committed == 120 + 240


def test_what_was_cancelled_is_not_sent(market: Market) -> None:
    action = queued(market)[0]
    with market.database.writing() as db:
        cancel(db, get_action(db, market.study_id, action.id), market.owner_id, market.time())
    assert market.send(action).state == ActionState.CANCELLED
    assert market.tasks() == []


def test_a_marketplace_that_cannot_be_reached_is_a_failure_to_try_again(market: Market) -> None:
    action = queued(market)[0]
    real = market.settings
    market.settings = real.model_copy(update={"mturk_endpoint": None})
    assert market.send(action).state == ActionState.FAILED
    market.settings = real
    assert market.send(action).state == ActionState.SENT


def test_listings_are_read_page_by_page(market: Market) -> None:
    class Paged:
        def list_hits(self, **asked: Any) -> Any:
            page = int(asked.get("NextToken", 0))
            return {"HITs": [{"RequesterAnnotation": f"t{page}"}], "NextToken": str(page + 1) if page < 3 else None}

        def get_hit(self, **_asked: Any) -> Any:
            raise ClientError({"Error": {"Code": "RequestError", "Message": "no"}}, "GetHIT")

    assert MTurkApi(Paged()).hit_by_annotation("t3") == {"RequesterAnnotation": "t3"}
    assert MTurkApi(Paged()).hit_by_annotation("t4") is None

"""The budget of a whole installation limits what its studies spend together."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from keytrail.errors import Conflict
from keytrail.models import (
    ActionKind,
    ActionState,
    Item,
    PlatformAction,
    PlatformTask,
)
from keytrail.platform_actions.ledger import committed, is_live
from keytrail.studies import study_by_slug
from tests.platform_actions.every_action import OFFER, Till, till
from tests.requester.conftest import site

__all__ = ["site", "till"]


class TestTheInstallationsBudget:
    def test_counts_all_studies_and_what_their_items_removal_hides(self, till: Till) -> None:
        till.claim(ActionKind.BONUS, "olivia")
        with till.site.database.writing() as db:
            action = db.get_one(PlatformAction, till.actions[ActionKind.PUBLISH])
            action.state, action.amount_cents = ActionState.SENT, 240
        now = till.site.clock()
        with till.site.database.reading() as db:
            assert committed(db, now) == {"USD": 240 + 10}
        with till.site.database.writing() as db:
            db.delete(db.scalars(select(Item).join(PlatformTask, PlatformTask.item_id == Item.id)).one())
        with till.site.database.reading() as db:
            assert committed(db, now) == {"USD": 240 + 10}

    def test_an_expired_task_counts_the_places_that_are_taken(self, till: Till) -> None:
        with till.site.database.reading() as db:
            task = db.scalars(select(PlatformTask)).one()
            ends = task.expires_at
            assert ends is not None
            before = ends - timedelta(seconds=1)
            assert (is_live(task, before), is_live(task, ends)) == (True, False)
            assert (committed(db, before), committed(db, ends)) == ({"USD": 2 * 120}, {"USD": 120})

    @pytest.mark.parametrize("which", ["study", "installation"])
    def test_two_at_once_do_not_exceed_it(self, till: Till, which: str) -> None:
        till.limit(which, 240 + 10)
        kinds, stopped = (ActionKind.BONUS, ActionKind.EXTEND), []
        together = threading.Barrier(len(kinds))

        def send(kind: ActionKind) -> None:
            together.wait()
            try:
                till.claim(kind, "olivia")
            except Conflict as refused:
                stopped.append(refused.error_code)

        threads = [threading.Thread(target=send, args=(kind,)) for kind in kinds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert stopped == ["over_budget" if which == "study" else "over_installation_budget"]

    def test_another_currency_is_no_way_round_it(self, till: Till) -> None:
        till.limit("installation", 1000)
        with till.site.database.writing() as db:
            study = study_by_slug(db, "night")
            study.currency = "JPY"
        till.claim(ActionKind.BONUS, "olivia")
        with till.site.database.reading() as db:
            assert committed(db, till.site.clock()) == {"USD": 240 + 10}
        with till.site.database.writing() as db:
            study_by_slug(db, "night").platform = "prolific"
        with pytest.raises(Conflict, match=r"JPY.*\(0\.00 JPY\)"):
            till.claim(ActionKind.EXTEND, "olivia")

    def test_stops_publishing_as_a_whole_with_both_amounts_on_the_preview(self, till: Till) -> None:
        till.limit("installation", 240 + 479)
        olivia = till.site.visitor("olivia")
        with till.site.database.writing() as db:
            for action in db.scalars(select(PlatformAction).where(PlatformAction.kind == ActionKind.PUBLISH)):
                action.state = ActionState.CANCELLED
        before = till.moved()
        shown = olivia.post("/studies/night/platform/preview", **OFFER).text
        assert "4.79 USD" in shown
        assert "publish-now" not in shown
        answer = olivia.post("/studies/night/platform/publication", **OFFER)
        assert (answer.status_code, "the operator of this server to raise it" in answer.text) == (409, True)
        assert till.moved() == before

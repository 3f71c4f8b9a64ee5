"""Replays of long sessions are made in a child process, within its limits."""

from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import pytest

from keytrail.child_process import HelperFailed, HelperProcess, InProcessHelper
from keytrail.errors import Unavailable
from keytrail.models import User
from keytrail.review.queue.submissions import submission_and_role
from keytrail.review.replay import replay_service
from keytrail.review.replay.replay_service import ReplayService, is_short
from keytrail.review.replay.session_replay import SessionReplay
from tests.requester.site import Site


class NotToBeAsked(InProcessHelper):
    def call(self, work: Callable[..., Any], *args: Any) -> Any:
        raise HelperFailed(f"It needed too much memory for {work.__name__}{args}.")


@pytest.fixture
def public_id(site: Site) -> str:
    work = site.hand()
    work.hand.types("A few words, typed. ").erases(3)
    return work.submit()


def replay_by(service: ReplayService, site: Site, public_id: str) -> SessionReplay:
    with site.database.reading() as db:
        submission, _ = submission_and_role(db, public_id, db.get_one(User, site.people["olivia"]))
        return service.of(db, submission)


def test_a_short_session_is_replayed_in_the_server(site: Site, public_id: str) -> None:
    found = replay_by(ReplayService(NotToBeAsked(site.database)), site, public_id)
    assert found.playback.steps


def test_a_long_session_is_replayed_by_the_child_process(
    site: Site, public_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = replay_by(ReplayService(NotToBeAsked(site.database)), site, public_id)
    monkeypatch.setattr(replay_service, "SHORT_EVENTS", 1)
    url = site.database.engine.url.render_as_string(hide_password=False)
    service = ReplayService(HelperProcess(url, memory_mb=300, cpu_seconds=20))
    try:
        assert replay_by(service, site, public_id) == here
    finally:
        service.close()


def test_what_costs_too_much_is_refused_with_the_reason(
    site: Site, public_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_service, "SHORT_EVENTS", 1)
    with pytest.raises(Unavailable, match=r"could not be replayed\. It needed too much memory"):
        replay_by(ReplayService(NotToBeAsked(site.database)), site, public_id)


def test_a_second_long_session_is_asked_to_wait(site: Site, public_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_service, "SHORT_EVENTS", 1)
    monkeypatch.setattr(replay_service, "_PATIENCE_S", 0.01)
    begun, go_on = Event(), Event()

    class Slow(InProcessHelper):
        def call(self, work: Callable[..., Any], *args: Any) -> Any:
            begun.set()
            go_on.wait(30)
            return super().call(work, *args)

    service = ReplayService(Slow(site.database))
    first = Thread(target=replay_by, args=(service, site, public_id))
    first.start()
    try:
        assert begun.wait(30)
        with pytest.raises(Unavailable, match="another long session"):
            replay_by(service, site, public_id)
    finally:
        go_on.set()
        first.join()
    assert replay_by(service, site, public_id).playback.steps


def test_what_was_not_analysed_counts_as_long(site: Site) -> None:
    work = site.hand()
    work.hand.types("Typed.")
    public_id = work.submit(analysed=False)
    with site.database.reading() as db:
        submission, _ = submission_and_role(db, public_id, db.get_one(User, site.people["olivia"]))
        assert not is_short(submission)

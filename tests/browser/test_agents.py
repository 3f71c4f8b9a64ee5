"""The agents' bench: what shipped agents and typing tools do, through the real page in a real browser.

Two sessions of each kind here; `make agents` plays twenty and writes docs/agents.md.
"""

from random import Random

import pytest
from playwright.sync_api import Browser

from tests.browser.agents.kinds import KINDS, Kind
from tests.browser.agents.puppet import Puppet
from tests.browser.agents.table import Played, caught, noted, page
from tests.browser.agents.texts import text_of
from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.review_api import ReviewApi, explained
from tests.browser.worker_page import WorkerPage

_SESSIONS = 2


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_agents_text_is_recorded_and_a_naive_one_calls_for_a_look(
    kind: Kind, chromium: Browser, keytrail: Keytrail, market: Marketplace, review: ReviewApi,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    missed = []
    for number in range(request.config.getoption("agents_sessions", None) or _SESSIONS):
        played = play(kind, number, chromium, WorkerPageMaker(keytrail, market), review)
        request.node.user_properties.append(noted(played))
        if not caught(played):
            missed.append((number, played.findings))
    assert kind.humanised or not missed


class WorkerPageMaker:
    """A worker for a window."""

    def __init__(self, keytrail: Keytrail, market: Marketplace) -> None:
        self.keytrail, self.market = keytrail, market

    def __call__(self, window: Chromium) -> WorkerPage:
        return WorkerPage(window, self.keytrail, self.market)


def play(kind: Kind, number: int, browser: Browser, worker_in: WorkerPageMaker, review: ReviewApi) -> Played:
    """One session from consent to report; its text, its times and its slips are the same each time."""
    chance = Random(f"{kind.name} {number}")
    window = Chromium(browser, **kind.browser)
    try:
        Puppet.prepare(window)
        worker = worker_in(window).accept()
        text = text_of(chance.randrange(1000))
        kind.write(Puppet(window, worker, text, chance))
        worker.wait_for_text(text)
        submission = explained(review.submission(worker.after_simulated_time().submit()))
        assert submission.text == text
        return Played(kind.name, submission.verdict, tuple(submission.findings), f"Chromium {browser.version}")
    finally:
        window.close()


def test_the_table_counts_what_was_played() -> None:
    name = KINDS[0].name
    played = [Played(name, verdict, ("weak_signs",), "Chromium 1") for verdict in ("strong", "review", "clear")]
    text = page(played)
    assert "## Naive: 2 of 3 sessions caught" in text
    assert f"| {name} | {KINDS[0].source} | 1 | 1 | 1 | 2 of 3 | 3 | `weak_signs` 3 |" in text


def test_there_are_at_least_25_kinds_and_none_twice() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) >= 25

"""The agents' bench: what shipped agents and typing tools do, through the real page in a real browser.

Two sessions of each kind here; `make agents` plays twenty and writes docs/agents.md.
"""

from collections.abc import Callable
from random import Random

import pytest
from playwright.sync_api import Browser

from tests.browser.agents.kinds import DIGRAPHS, KINDS, Kind
from tests.browser.agents.puppet import Puppet
from tests.browser.agents.table import Played, caught, noted, page, shortfalls
from tests.browser.agents.texts import text_of
from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.review_api import ReviewApi, explained
from tests.browser.worker_page import WorkerPage

_SESSIONS = 2


NAIVE = [kind for kind in KINDS if not kind.humanised]
HUMANISED = [kind for kind in KINDS if kind.humanised]

PlayKind = Callable[[Kind], list[Played]]


@pytest.fixture
def play_kind(
    chromium: Browser, keytrail: Keytrail, market: Marketplace, review: ReviewApi, request: pytest.FixtureRequest
) -> PlayKind:
    """Play all sessions of a kind, and note each for the table."""

    def all_sessions(kind: Kind) -> list[Played]:
        sessions = range(request.config.getoption("agents_sessions", None) or _SESSIONS)
        played = [play(kind, number, chromium, WorkerPageMaker(keytrail, market), review) for number in sessions]
        request.node.user_properties.extend(map(noted, played))
        return played

    return all_sessions


@pytest.mark.parametrize("kind", NAIVE, ids=lambda kind: kind.name)
def test_a_naive_agent_calls_for_a_look(kind: Kind, play_kind: PlayKind) -> None:
    assert [one for one in play_kind(kind) if not caught(one)] == []


def test_most_humanised_agents_call_for_a_look(play_kind: PlayKind) -> None:
    """All kinds in one test, because two sessions of a kind say little about it."""
    assert shortfalls([one for kind in HUMANISED for one in play_kind(kind)]) == []


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


def sessions(kind: str, caught: int, by_mechanics: int, missed: int) -> list[Played]:
    """So many sessions of a kind: caught at all, of these by mechanics, and missed."""
    looked_at = [Played(kind, "review", ("linear_production",), "")] * (caught - by_mechanics)
    pressed = [Played(kind, "review", ("weak_signs",), "")] * by_mechanics
    return [*looked_at, *pressed, *[Played(kind, "clear", (), "")] * missed]


def test_what_humanised_kinds_fall_short_of_is_named() -> None:
    assert shortfalls(sessions("one", 8, 5, 2)) == []
    assert shortfalls(sessions("one", 7, 5, 3)) == ["all: 7 of 10 caught", "one: 7 of 10 caught"]
    assert shortfalls(sessions("one", 8, 4, 2)) == ["all: 4 of 10 caught by mechanics"]
    assert shortfalls([*sessions("few", 1, 1, 1), *sessions("one", 10, 10, 0)]) == [], "few sessions say little"
    assert shortfalls([*sessions(DIGRAPHS, 5, 2, 5), *sessions("one", 20, 20, 0)]) == []


def test_there_are_at_least_25_kinds_and_none_twice() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) >= 25

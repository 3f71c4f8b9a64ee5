"""The server, the marketplace and the browsers, each started once for all tests of a process."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.agents.table import AgentsTable
from tests.browser.drivers.base import Driver
from tests.browser.drivers.chromium import Chromium, launch
from tests.browser.drivers.firefox import Firefox, FirefoxBrowser
from tests.browser.drivers.webkit import WebKit, WebKitBrowser
from tests.browser.drivers.xserver import screen
from tests.browser.faulty_line import FaultyLine, faulty_line
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace, marketplace
from tests.browser.reliability import Reliability, TableWriter
from tests.browser.review_api import ReviewApi
from tests.browser.worker_page import WorkerPage

ENGINES = ("chromium", "firefox", "webkit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark our tests; those of Firefox and of WebKit each run in one process, so that each is started once."""
    for item in items:
        if not item.path.is_relative_to(Path(__file__).parent):
            continue
        item.add_marker(pytest.mark.browser)
        engine = getattr(item, "callspec", None) and item.callspec.params.get("engine")  # type: ignore[attr-defined]
        if engine in {"firefox", "webkit"}:
            item.add_marker(pytest.mark.xdist_group(engine))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--reliability-table", type=Path, help="write what was tried and what was lost to this file")
    parser.addoption("--agents-table", type=Path, help="write what became of agents' sessions to this file")
    parser.addoption("--agents-sessions", type=int, help="how many sessions of each kind of agent to play")
    parser.addoption("--documentation-images", type=Path, help="write the pictures of the documentation to this folder")
    parser.addoption("--fuzz-seed", type=int, help="the first random session to play")
    parser.addoption("--fuzz-count", type=int, help="how many random sessions to play in each engine")


def pytest_configure(config: pytest.Config) -> None:
    for option, writer in (("reliability_table", TableWriter), ("agents_table", AgentsTable)):
        path = config.getoption(option, None)
        if path and not hasattr(config, "workerinput"):
            config.pluginmanager.register(writer(config.invocation_params.dir / path))


@pytest.fixture
def reliability(request: pytest.FixtureRequest) -> Reliability:
    return Reliability(request.node)


@pytest.fixture(scope="session")
def market() -> Iterator[Marketplace]:
    with marketplace() as found:
        yield found


@pytest.fixture(scope="session")
def keytrail(tmp_path_factory: pytest.TempPathFactory, market: Marketplace) -> Iterator[Keytrail]:
    """The server that most tests share. Nothing that they do may make it fail."""
    server = Keytrail(tmp_path_factory.mktemp("keytrail"), market.origin)
    yield server
    server.close()
    assert "Traceback" not in server.log, server.log


@pytest.fixture
def mortal(tmp_path: Path, market: Marketplace) -> Iterator[Keytrail]:
    """A server of one test's own, which may be killed, starved and started again."""
    server = Keytrail(tmp_path, market.origin)
    yield server
    server.close()


@pytest.fixture
def line(keytrail: Keytrail) -> Iterator[FaultyLine]:
    """A bad line to the shared server."""
    with faulty_line(keytrail.url) as found:
        yield found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirefoxBrowser]:
    browser = FirefoxBrowser(tmp_path_factory.mktemp("firefox"))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def webkit(tmp_path_factory: pytest.TempPathFactory, webkit_display: str) -> Iterator[WebKitBrowser]:
    """Has no mode without a screen."""
    browser = WebKitBrowser(tmp_path_factory.mktemp("webkit"), webkit_display)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def webkit_display() -> Iterator[str]:
    with screen() as display:
        yield display


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn, for tests that ask for `anywhere`."""
    return str(request.param)


@pytest.fixture
def anywhere(
    engine: str, request: pytest.FixtureRequest, keytrail: Keytrail, market: Marketplace
) -> Iterator[WorkerPage]:
    """A worker in each engine in turn. Choose some with `in_engines`."""
    windows: dict[str, Callable[[Any], Driver]] = {"chromium": Chromium, "firefox": Firefox, "webkit": WebKit}
    driver = windows[engine](request.getfixturevalue(engine))
    yield WorkerPage(driver, keytrail, market)
    driver.close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[Chromium]:
    """A new window; the page in it may not throw."""
    found = Chromium(chromium)
    yield found
    found.close()
    assert found.failures == []


@pytest.fixture
def worker(window: Chromium, keytrail: Keytrail, market: Marketplace) -> WorkerPage:
    return WorkerPage(window, keytrail, market)


@pytest.fixture
def review(keytrail: Keytrail) -> Iterator[ReviewApi]:
    api = ReviewApi(keytrail.url, keytrail.token)
    yield api
    api.close()

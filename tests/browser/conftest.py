"""The server, the marketplace and the browsers, each started once for all tests of a process."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.drivers.chromium import Chromium, launch
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace, marketplace
from tests.browser.review_api import ReviewApi
from tests.browser.worker_page import WorkerPage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(__file__.removesuffix("conftest.py")):
            item.add_marker(pytest.mark.browser)


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


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


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

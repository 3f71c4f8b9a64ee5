"""A server that lets one origin embed the recorder, and a site at that origin."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.drivers.chromium import Chromium
from tests.browser.embedding.bundles import bundle
from tests.browser.embedding.host_page import ChromiumHostPage
from tests.browser.embedding.host_site import HostSite, host_site
from tests.browser.keytrail import Keytrail
from tests.browser.review_api import ReviewApi


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    bundle(folder)
    return folder


@pytest.fixture(scope="module")
def site(bundles: Path) -> Iterator[HostSite]:
    with host_site(bundles) as found:
        yield found


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory, site: HostSite) -> Iterator[Keytrail]:
    """A study whose links one makes oneself; each text has at least three words."""
    server = Keytrail(tmp_path_factory.mktemp("embedded"), site.origin, platform="direct", minimum_words=3)
    site.keytrail_url = server.url
    yield server
    server.close()
    assert "Traceback" not in server.log, server.log


@pytest.fixture
def reviewed(embedded: Keytrail) -> Iterator[ReviewApi]:
    api = ReviewApi(embedded.url, embedded.token)
    yield api
    api.close()


@pytest.fixture
def host_page(window: Chromium, embedded: Keytrail, site: HostSite) -> Iterator[ChromiumHostPage]:
    """A participant at the site. No page of it may set a cookie."""
    site.received.clear()
    yield ChromiumHostPage(window, site, embedded)
    assert window.context.cookies() == []

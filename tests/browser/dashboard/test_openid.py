"""Signing in at an OpenID provider in a real browser: cookies, redirects and the page's policy allow it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard.conftest import serving
from tests.browser.drivers.chromium import Chromium
from tests.users.openid_provider import CLIENT_ID, CLIENT_SECRET, Provider, openid_provider


@dataclass
class Lab:
    """Keytrail at `url`, and its provider on another port."""

    url: str
    provider: Provider


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with openid_provider("", time.time) as provider:
        provider.claims = {"email": "ines@example.edu", "email_verified": True, "name": "Ines"}
        changed = {
            "oidc_issuer": provider.issuer,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": CLIENT_SECRET,
            "oidc_name": "Lab login",
            "sign_in_claims": "*",
        }
        with serving(tmp_path_factory.mktemp("openid"), **changed) as (site, url):
            provider.redirect_uri = f"{url}/sign-in/openid/answer"
            provider.now = lambda: site.clock().timestamp()
            yield Lab(url, provider)


def test_a_person_signs_in_and_out_at_both(lab: Lab, window: Chromium) -> None:
    page: Page = window.page
    page.goto(f"{lab.url}/account")
    page.get_by_role("link", name="Sign in with Lab login").click()
    page.get_by_role("link", name="Sign in as Ines").click()
    page.wait_for_url(f"{lab.url}/account")
    expect(page.get_by_role("heading", name="Ines")).to_be_visible()
    assert lab.provider.complaints == []
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("link", name="Sign out at Lab login").click()
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
    page.goto(f"{lab.url}/account")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_answer_that_another_browser_asked_for_signs_nobody_in(lab: Lab, window: Chromium) -> None:
    window.page.goto(f"{lab.url}/sign-in/openid/answer?code=c&state={'s' * 32}")
    expect(window.page.get_by_role("alert")).to_contain_text("not begun in this browser")

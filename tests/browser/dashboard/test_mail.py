"""Mail that people ask for in the dashboard: a link for a new password, and notifications about a study."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.dashboard.conftest import serving
from tests.browser.dashboard.reader import Reader
from tests.browser.drivers.chromium import Chromium
from tests.notifications.receivers import MailReceiver, mail_receiver
from tests.requester.site import Site
from tests.waiting import until

LINK = re.compile(r"https?://\S+/invitation/\S+")
NEW_PASSWORD = "a new long password"


@dataclass
class MailingSite:
    """A dashboard at `url` whose mail arrives at `mail`."""

    site: Site
    url: str
    mail: MailReceiver

    def newest(self, count: int) -> str:
        """The text of the newest mail, once so many have arrived. The server looks every five seconds."""
        until(lambda: len(self.mail.messages) >= count, f"{count} mails")
        return str(self.mail.messages[-1].get_content())


@pytest.fixture
def mailing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailingSite]:
    with mail_receiver() as mail:
        changed = {
            "smtp_host": "127.0.0.1",
            "smtp_port": mail.port,
            "smtp_security": "none",
            "mail_from": "keytrail@lab.example",
        }
        with serving(tmp_path_factory.mktemp("mailing"), **changed) as (site, url):
            yield MailingSite(site, url, mail)


def test_a_forgotten_password_is_replaced_by_a_link_in_a_mail(mailing: MailingSite, window: Chromium) -> None:
    page: Page = window.page
    page.goto(f"{mailing.url}/sign-in")
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_label("E-mail").fill("olivia@example.org")
    assert violations(page) == []
    page.get_by_role("button", name="Send a link").click()
    expect(page.get_by_role("status")).to_contain_text("If there is an account for olivia@example.org")
    text = mailing.newest(1)
    assert mailing.mail.messages[0]["to"] == "olivia@example.org"
    (link,) = LINK.findall(text)
    page.goto(link)
    expect(page.get_by_role("heading", name="New password for Olivia")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Password, at least 10 characters").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page.get_by_role("link", name="Night light")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    answer = page.goto(link)
    assert answer is not None
    assert answer.status == 404  # it worked once
    page.goto(f"{mailing.url}/sign-in")
    page.get_by_label("E-mail").fill("olivia@example.org")
    page.get_by_label("Password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="Night light")).to_be_visible()


def test_an_owner_is_notified_by_mail_until_they_end_it(mailing: MailingSite, window: Chromium) -> None:
    assert window.context.browser is not None
    reader = Reader(window.context.browser, mailing.site, mailing.url, "olivia")
    page = reader.open("/studies/night/settings")
    page.get_by_role("link", name="Notifications").click()
    expect(page.get_by_text("Nobody is notified about this study.")).to_be_visible()
    form = page.get_by_role("region", name="Mail to you")
    form.get_by_label("Flagged submissions: more than (%)").fill("20")
    form.get_by_label("Payments wait to be sent").uncheck()
    form.get_by_role("button", name="Add mail").click()
    row = page.get_by_role("row", name="olivia@example.org")
    expect(row).to_contain_text("20")
    expect(row).not_to_contain_text("Payments wait to be sent")
    assert reader.violations() == []
    row.get_by_role("button", name="Send test to olivia@example.org").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert "Night light" in mailing.newest(1)
    assert mailing.mail.messages[0]["to"] == "olivia@example.org"
    until(lambda: "accepted by the mail server" in page.goto(page.url).text(), "the delivery's outcome")  # type: ignore[union-attr]  # the address answers
    page.get_by_role("button", name="Remove olivia@example.org").click()
    expect(page.get_by_text("Nobody is notified about this study.")).to_be_visible()
    assert reader.failures == []
    reader.close()

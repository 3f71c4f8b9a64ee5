"""Forgotten passwords: a link by mail, which tells nobody who has an account."""

from sqlalchemy import select

from keytrail.models import Delivery
from tests.notifications.receivers import MailReceiver
from tests.requester.mailing_site import mail, send, site
from tests.requester.site import Site

__all__ = ["mail", "site"]


class TestAForgottenPassword:
    def ask(self, site: Site, email: str) -> int:
        return site.visitor().post("/forgotten-password", email=email).status_code

    def test_is_replaced_by_a_link_in_a_mail(self, site: Site, mail: MailReceiver) -> None:
        assert self.ask(site, " Olivia@example.org ") == 200
        send(site)
        (message,) = mail.messages
        assert message["to"] == "olivia@example.org"
        (link,) = (word for word in message.get_content().split() if "/invitation/" in word)
        path = link.removeprefix("http://keytrail.test")
        visitor = site.visitor()
        assert visitor.post(f"{path}/password", password="a new long password").headers["location"] == "/"
        assert visitor.get("/account").status_code == 200
        assert visitor.get(path).status_code == 404

    def test_no_secret_waits_in_the_database(self, site: Site, mail: MailReceiver) -> None:
        self.ask(site, "olivia@example.org")
        with site.database.reading() as db:
            assert db.scalars(select(Delivery)).one().data == {}

    def test_of_nobody_is_answered_alike_and_sends_nothing(self, site: Site, mail: MailReceiver) -> None:
        def answer(email: str) -> str:
            return site.visitor().post("/forgotten-password", email=email).text.replace(email, "")

        assert answer("nobody@example.org") == answer("olivia@example.org")
        assert send(site) == 1
        assert len(mail.messages) == 1

    def test_is_sent_three_times_in_a_quarter_of_an_hour_at_most(self, site: Site) -> None:
        answers = [self.ask(site, "olivia@example.org") for _ in range(4)]
        assert answers == [200, 200, 200, 429]
        assert self.ask(site, "rafael@example.org") == 200

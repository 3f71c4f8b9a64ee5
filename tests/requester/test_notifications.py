"""Notifications: targets, conditions and deliveries, with a real web server and a real mail server."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from keytrail.models import ActionKind, ActionState, Delivery, PlatformAction, PlatformPlan, Study
from keytrail.notifications.composing import Message
from keytrail.notifications.notifier import run_notifications
from keytrail.notifications.outbox import BACK_OFF, LEASE
from keytrail.notifications.raising import raise_due
from keytrail.notifications.sending import Transport, send_due
from keytrail.requester.study.notifications import NotificationsPage
from keytrail.settings import Settings
from tests.conftest import FakeClock
from tests.notifications.receivers import MailReceiver, WebReceiver, mail_receiver, web_receiver
from tests.requester.night_study import night_study
from tests.requester.site import Site, Visitor
from tests.waiting import until

PAGE = "/studies/night/notifications"
EVENTS = ["submissions.complete", "submissions.flagged", "payments.waiting", "budget.reached"]


@pytest.fixture
def web() -> Iterator[WebReceiver]:
    with web_receiver() as found:
        yield found


@pytest.fixture
def mail() -> Iterator[MailReceiver]:
    with mail_receiver() as found:
        yield found


@pytest.fixture
def site(
    make_settings: Callable[..., Settings], database_url: str, clock: FakeClock, mail: MailReceiver
) -> Iterator[Site]:
    settings = make_settings(
        database_url=database_url,
        smtp_host="127.0.0.1",
        smtp_port=mail.port,
        smtp_security="none",
        mail_from="keytrail@lab.example",
        webhook_networks="127.0.0.0/8",
    )
    found = night_study(settings, clock)
    yield found
    found.database.close()


@pytest.fixture
def olivia(site: Site) -> Visitor:
    return site.visitor("olivia")


def transport(site: Site) -> Transport:
    return Transport(site.app.state.services.settings, site.keyring)


def send(site: Site) -> int:
    return send_due(site.database, site.clock, transport(site))


def tell(site: Site) -> int:
    raised = raise_due(site.database, site.clock)
    send(site)
    return raised


def payments(site: Site, state: ActionState | None) -> None:
    """Queue one action in this state; without one, set the existing ones to sent."""
    with site.database.writing() as db:
        if state is None:
            db.execute(update(PlatformAction).values(state=ActionState.SENT))
            return
        study = db.scalars(select(Study)).one()
        values: dict[str, Any] = {"kind": ActionKind.BONUS, "token": secrets.token_hex(8), "amount_cents": 95}
        db.add(PlatformAction(study_id=study.id, state=state, currency="USD", queued_at=site.clock(), **values))


class TestAWebhook:
    @pytest.fixture
    def added(self, site: Site, olivia: Visitor, web: WebReceiver) -> NotificationsPage:
        assert olivia.post(PAGE, address=web.url, event=EVENTS).is_redirect
        page: NotificationsPage = olivia.context(PAGE)
        return page

    def test_nothing_is_sent_unless_an_owner_asks_for_it(self, site: Site, web: WebReceiver) -> None:
        payments(site, ActionState.QUEUED)
        assert tell(site) == 0
        assert web.messages == []

    def test_gets_a_signed_message_once_and_again_after_it_has_ceased(
        self, site: Site, olivia: Visitor, web: WebReceiver, added: NotificationsPage
    ) -> None:
        payments(site, ActionState.QUEUED)
        assert [tell(site), tell(site)] == [1, 0]
        payments(site, None)
        assert tell(site) == 0
        payments(site, ActionState.UNSURE)
        assert tell(site) == 1
        (headers, body), _ = web.messages
        message = json.loads(body)
        assert message["type"] == "payments.waiting"
        url = "http://keytrail.test/studies/night/payments"
        assert message["data"] == {"study": "night", "title": "Night light", "url": url, "waiting": 1}
        key = base64.b64decode(added.targets[0].key.removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        assert headers["webhook-signature"] == f"v1,{signature}"
        assert headers["webhook-timestamp"] == str(int(site.clock().timestamp()))
        assert [line.delivery.state for line in olivia.context(PAGE).deliveries] == ["delivered", "delivered"]

    def test_is_tried_again_with_growing_pauses_and_then_no_more(
        self, site: Site, olivia: Visitor, web: WebReceiver, added: NotificationsPage
    ) -> None:
        web.answers = [500] * (len(BACK_OFF) + 1)
        olivia.post(f"{PAGE}/test", target=str(added.targets[0].id))
        for pause in BACK_OFF:
            assert send(site) == 1
            site.clock.advance(seconds=pause.total_seconds() - 1)
            assert send(site) == 0
            site.clock.advance(seconds=1)
        assert send(site) == 1
        site.clock.advance(days=3)
        assert send(site) == 0
        assert len({headers["webhook-id"] for headers, _ in web.messages}) == 1
        olivia = site.visitor("olivia")
        (line,) = olivia.context(PAGE).deliveries
        assert (line.delivery.state, line.delivery.outcome) == ("failed", "Answered 500 Internal Server Error.")
        olivia.post(f"{PAGE}/retry", delivery=str(line.delivery.id))
        send(site)
        assert olivia.context(PAGE).deliveries[0].delivery.state == "delivered"

    def test_a_server_that_is_killed_while_sending_sends_it_again(
        self, site: Site, olivia: Visitor, web: WebReceiver, added: NotificationsPage
    ) -> None:
        class Killed(BaseException):
            pass

        class Dying(Transport):
            def send(self, message: Message, now: Any) -> str:
                super().send(message, now)
                raise Killed

        olivia.post(f"{PAGE}/test", target=str(added.targets[0].id))
        dying = Dying(transport(site).settings, site.keyring)
        with pytest.raises(Killed):
            send_due(site.database, site.clock, dying)
        assert send(site) == 0  # somebody may be at it still
        site.clock.advance(seconds=LEASE.total_seconds())
        assert send(site) == 1
        assert len(web.messages) == 2
        assert len({headers["webhook-id"] for headers, _ in web.messages}) == 1

    @pytest.mark.parametrize(
        "fields",
        [
            {"address": "ftp://example.org"},
            {"address": "https://"},
            {"address": "https://user:password@example.org/"},
            {"address": "https://example.org/\u0430"},
            {"address": "https://example.org", "event": []},
            {"address": "https://example.org", "flagged_percent": "0"},
            {"address": "https://example.org", "budget_percent": "101"},
        ],
    )
    def test_with_something_wrong_is_not_added(self, olivia: Visitor, fields: dict[str, Any]) -> None:
        assert olivia.post(PAGE, **({"event": EVENTS} | fields)).status_code == 400
        assert olivia.context(PAGE).targets == []

    def test_gets_nothing_once_it_is_removed(
        self, site: Site, olivia: Visitor, web: WebReceiver, added: NotificationsPage
    ) -> None:
        target = str(added.targets[0].id)
        olivia.post(f"{PAGE}/test", target=target)
        olivia.post(f"{PAGE}/remove", target=target)
        assert send(site) == 0
        assert web.messages == []
        assert olivia.post(f"{PAGE}/test", target=target).status_code == 404


def test_the_servers_thread_looks_sends_and_stops(site: Site, olivia: Visitor, web: WebReceiver) -> None:
    olivia.post(PAGE, address=web.url, event=EVENTS)
    payments(site, ActionState.QUEUED)
    stopping = Event()
    thread = Thread(target=run_notifications, args=(site.database, site.clock, transport(site), stopping))
    thread.start()
    try:
        until(lambda: web.messages, "the message")
    finally:
        stopping.set()
        thread.join()


class TestMail:
    def test_goes_to_the_owner_who_asked_while_they_take_part(
        self, site: Site, olivia: Visitor, mail: MailReceiver
    ) -> None:
        assert olivia.post(PAGE, mail="1", event=["payments.waiting"]).is_redirect
        assert olivia.post(PAGE, mail="1", event=["payments.waiting"]).status_code == 409
        payments(site, ActionState.QUEUED)
        tell(site)
        (message,) = mail.messages
        assert (message["to"], message["from"]) == ("olivia@example.org", "keytrail@lab.example")
        assert message["subject"] == "Night light: Payments wait to be sent"
        text = message.get_content()
        assert "1 payment action to send or check." in text.replace("\u00a0", " ")
        assert "http://keytrail.test/studies/night/payments" in text
        olivia.post("/studies/night/people/role", person=str(site.people["rafael"]), role="owner")
        rafael = site.visitor("rafael")
        rafael.post("/studies/night/people/role", person=str(site.people["olivia"]), role="")
        payments(site, None)
        tell(site)
        payments(site, ActionState.QUEUED)
        tell(site)
        assert len(mail.messages) == 1
        assert "no longer a member" in rafael.context(PAGE).deliveries[0].delivery.outcome

    def test_that_the_mail_server_refuses_is_not_tried_again(
        self, site: Site, olivia: Visitor, mail: MailReceiver
    ) -> None:
        mail.refuses = "olivia@example.org"
        olivia.post(PAGE, mail="1", event=["payments.waiting"])
        payments(site, ActionState.QUEUED)
        tell(site)
        assert olivia.context(PAGE).deliveries[0].delivery.state == "failed"


class TestWhatIsTold:
    def test_a_full_study_many_flags_and_a_budget_that_is_nearly_used_up(
        self, site: Site, olivia: Visitor, web: WebReceiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("keytrail.notifications.raising.FEWEST_ANALYSED", 2)
        olivia.post(PAGE, address=web.url, event=EVENTS, flagged_percent="49", budget_percent="90")
        with site.database.writing() as db:
            study = db.scalars(select(Study)).one()
            study.places_per_item = 1
            db.add(PlatformPlan(study_id=study.id, budget_cents=100))
        for pasted in (True, False):
            work = site.hand()
            work.hand.pastes("Text from nowhere at all. " * 9) if pasted else work.hand.types("Somebody's text.")
            work.submit()
        assert tell(site) == 1
        work = site.hand()
        work.hand.types("Another text.")
        work.submit()
        payments(site, ActionState.SENT)
        tell(site)
        told = {message["type"]: message["data"] for message in (json.loads(body) for _, body in web.messages)}
        assert told["submissions.flagged"] | {"study": "", "title": "", "url": ""} == {
            "study": "", "title": "", "url": "", "flagged": 1, "analysed": 2, "percent": 50
        }  # fmt: skip
        assert told["submissions.complete"]["places"] == 3
        assert told["budget.reached"]["percent"] == 95
        assert "payments.waiting" not in told

    def test_nothing_of_an_archived_study(self, site: Site, olivia: Visitor, web: WebReceiver) -> None:
        olivia.post(PAGE, address=web.url, event=EVENTS)
        payments(site, ActionState.QUEUED)
        olivia.post("/studies/night/manage/archive")
        assert tell(site) == 0


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

"""Notifications: targets, conditions and deliveries, with a real web server and a real mail server."""

import base64
import hashlib
import hmac
import json
import re
import secrets
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from keytrail.models import ActionKind, ActionState, PlatformAction, PlatformPlan, Study
from keytrail.notifications.composing import Message
from keytrail.notifications.notifier import run_notifier
from keytrail.notifications.outbox import BACK_OFF, LEASE
from keytrail.notifications.raising import raise_due
from keytrail.notifications.sending import Transport, send_due
from keytrail.requester.study.notifications import NotificationsPage
from tests.notifications.receivers import MailReceiver, WebReceiver
from tests.requester.mailing_site import mail, olivia, send, site, transport, web
from tests.requester.site import Site, Visitor
from tests.waiting import until

__all__ = ["mail", "olivia", "site", "web"]

PAGE = "/studies/night/notifications"
EVENTS = ["submissions.complete", "submissions.flagged", "payments.waiting", "budget.reached"]


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

    def test_is_told_nothing_once_whoever_added_it_has_left(
        self, site: Site, olivia: Visitor, web: WebReceiver, added: NotificationsPage
    ) -> None:
        """It may be theirs; whoever owns the study now takes it over, or leaves it removed."""
        olivia.post("/studies/night/manage/transfer", person=str(site.people["rafael"]), keep="reviewer")
        payments(site, ActionState.QUEUED)
        assert tell(site) == 1
        assert web.messages == []
        rafael = site.visitor("rafael")
        page: NotificationsPage = rafael.context(PAGE)
        assert (page.deliveries[0].delivery.state, "Remove and restore" in page.deliveries[0].delivery.outcome) == (
            "failed",
            True,
        )
        rafael.post(f"{PAGE}/remove", target=str(added.targets[0].id))
        (removal,) = rafael.context(PAGE).removed
        assert rafael.post(f"{PAGE}/restore", removal=str(removal.id)).is_redirect
        assert tell(site) == 1
        assert len(web.messages) == 1

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

    def test_with_something_wrong_leaves_the_form_as_it_was_filled_in(self, olivia: Visitor) -> None:
        fields: dict[str, Any] = {"address": "hooks.example.org", "event": ["budget.reached"], "budget_percent": "75"}
        html = olivia.post(PAGE, **fields).text
        assert 'value="hooks.example.org"' in html
        assert 'data-unsaved="changed"' in html
        webhook = html.partition('id="webhook-title"')[2]
        assert re.findall(r'value="([a-z.]+)" checked', webhook) == ["budget.reached"]
        assert re.findall(r'name="(?:flagged|budget)_percent"[^>]* value="(\d+)"', webhook) == ["30", "75"]

    def test_can_be_restored_with_its_signing_secret(
        self, site: Site, olivia: Visitor, web: WebReceiver, added: NotificationsPage
    ) -> None:
        (before,) = added.targets
        olivia.post(f"{PAGE}/remove", target=str(before.id))
        page = olivia.context(PAGE)
        assert (list(page.targets), [removal.label for removal in page.removed]) == ([], [before.to])
        restored = olivia.post(f"{PAGE}/restore", removal=str(page.removed[0].id))
        assert "restored" in olivia.context(restored.headers["location"]).notice
        (after,) = olivia.context(PAGE).targets
        assert (after.to, after.events, after.key) == (before.to, before.events, before.key)
        assert list(olivia.context(PAGE).removed) == []
        olivia.post(f"{PAGE}/test", target=str(after.id))
        assert (send(site), len(web.messages)) == (1, 1)
        assert olivia.post(f"{PAGE}/restore", removal=str(page.removed[0].id)).status_code == 404

    def test_cannot_be_restored_after_a_week_or_from_another_study(
        self, site: Site, olivia: Visitor, added: NotificationsPage
    ) -> None:
        olivia.post(f"{PAGE}/remove", target=str(added.targets[0].id))
        removal = str(olivia.context(PAGE).removed[0].id)
        for number in ("", "x", "0", str(2**60)):
            assert olivia.post(f"{PAGE}/restore", removal=number).status_code in {400, 404}
        assert olivia.post("/studies/night/people/restore", removal=removal).status_code == 404
        site.clock.advance(days=8)
        later = site.visitor("olivia")
        assert later.post(f"{PAGE}/restore", removal=removal).status_code == 404
        assert later.context(PAGE).targets == []

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
    raise_due(site.database, site.clock)
    stopping = Event()
    thread = Thread(target=run_notifier, args=(site.database, site.clock, transport(site), stopping))
    thread.start()
    try:
        until(lambda: web.messages, "the message")
    finally:
        stopping.set()
        thread.join()


class TestMail:
    def test_is_restored_once(self, olivia: Visitor) -> None:
        olivia.post(PAGE, mail="1", event=["payments.waiting"])
        olivia.post(f"{PAGE}/remove", target=str(olivia.context(PAGE).targets[0].id))
        (removal,) = olivia.context(PAGE).removed
        olivia.post(PAGE, mail="1", event=["payments.waiting"])
        refused = olivia.post(f"{PAGE}/restore", removal=str(removal.id))
        assert (refused.status_code, "added again already" in refused.text) == (409, True)
        assert len(olivia.context(PAGE).targets) == 1

    @pytest.mark.parametrize("role", ["", "viewer", "reviewer"])
    def test_goes_to_the_owner_who_asked_while_they_are_one(
        self, site: Site, olivia: Visitor, mail: MailReceiver, role: str
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
        rafael.post("/studies/night/people/role", person=str(site.people["olivia"]), role=role)
        payments(site, None)
        tell(site)
        payments(site, ActionState.QUEUED)
        tell(site)
        assert len(mail.messages) == 1
        assert "no longer an owner" in rafael.context(PAGE).deliveries[0].delivery.outcome

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
        posted = {message["type"]: message["data"] for message in (json.loads(body) for _, body in web.messages)}
        assert posted["submissions.flagged"] | {"study": "", "title": "", "url": ""} == {
            "study": "", "title": "", "url": "", "flagged": 1, "analysed": 2, "percent": 50
        }  # fmt: skip
        assert posted["submissions.complete"]["places"] == 3
        assert posted["budget.reached"]["percent"] == 95
        assert "payments.waiting" not in posted

    def test_nothing_of_an_archived_study(self, site: Site, olivia: Visitor, web: WebReceiver) -> None:
        olivia.post(PAGE, address=web.url, event=EVENTS)
        payments(site, ActionState.QUEUED)
        olivia.post("/studies/night/manage/archive")
        assert tell(site) == 0

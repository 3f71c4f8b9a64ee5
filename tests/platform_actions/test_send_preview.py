"""The preview of sending, and that only its actions are sent."""

import threading
from datetime import UTC, datetime

from sqlalchemy import select

from keytrail.models import ActionKind, ActionState, Membership, PlatformAction, Role, Study, Submission, User
from keytrail.platform_actions.outbox import Order, queue
from keytrail.platform_actions.publication import queue_publication
from keytrail.platform_actions.sender import SendResult
from keytrail.requester.platform.messages import notice_text, sent_address
from keytrail.requester.platform.sending import SendPreviewPage
from keytrail.studies import study_by_slug
from tests.platform_actions.market import OFFER, TASK_URL, Market
from tests.platform_actions.sending import confirmed
from tests.requester.conftest import site
from tests.requester.site import Site, words_of

__all__ = ["site"]

PAYMENTS = "/studies/night/payments"


def order(site: Site, kind: ActionKind, cents: int = 0, fee: int = 0, **more: str) -> int:
    """Queue an action about a new text by a new worker."""
    work = site.hand()
    work.hand.types("Some text.")
    public_id = work.submit()
    with site.database.writing() as db:
        found = db.scalars(select(Submission).where(Submission.public_id == public_id)).one()
        wanted = Order(kind, submission_id=found.id, amount_cents=cents, fee_cents=fee, reason=more.get("reason", ""))
        return queue(db, study_by_slug(db, "night"), wanted, site.people["olivia"], site.clock()).id


def states(site: Site) -> list[str]:
    with site.database.reading() as db:
        return list(db.scalars(select(PlatformAction.state).order_by(PlatformAction.id)))


def picks(*numbers: int) -> list[str]:
    return [str(number) for number in numbers]


def test_the_preview_sums_up_counts_people_and_puts_rejections_apart(site: Site) -> None:
    olivia = site.visitor("olivia")
    numbers = [order(site, ActionKind.APPROVE, 120, 24) for _ in range(2)]
    numbers += [order(site, ActionKind.BONUS, 1000, 200), order(site, ActionKind.REJECT, reason="Not about the item.")]
    shown = olivia.post(f"{PAYMENTS}/preview", pick=picks(*numbers)).text
    words = words_of(shown)
    sentence = "Pay 12.40 USD to 3 workers and reject 1 submission"
    assert f'<button type="submit" class="primary" id="send-now">{sentence}</button>' in shown
    assert '<dd id="total">14.88 USD</dd>' in shown
    assert "For 3 workers 12.40 USD Fees of Mechanical Turk 2.48 USD Total 14.88 USD" in words
    page = site.app.state.pages.last
    assert isinstance(page, SendPreviewPage)
    assert page.preview.sentence == sentence
    assert (page.workers, page.fees, page.total) == ("12.40 USD", "2.48 USD", "14.88 USD")
    assert "No marketplace is configured" in page.balance
    [rejection] = page.preview.rejections
    assert (rejection.text, rejection.line.reason) == ("Some text.", "Not about the item.")
    assert "Not about the item." in words
    assert states(site) == ["queued"] * 4


def test_a_rejection_without_a_message_is_pointed_out(site: Site) -> None:
    number = order(site, ActionKind.REJECT)
    assert "There is no message yet" in site.visitor("olivia").post(f"{PAYMENTS}/preview", pick=str(number)).text


def test_nothing_is_sent_without_the_preview_or_after_it_has_changed(site: Site) -> None:
    olivia = site.visitor("olivia")
    first, second = order(site, ActionKind.APPROVE, 100), order(site, ActionKind.APPROVE, 100)
    refused = olivia.post(f"{PAYMENTS}/sending", pick=picks(first))
    assert (refused.status_code, "Check what will be sent" in refused.text) == (409, True)
    shown = confirmed(olivia.post(f"{PAYMENTS}/preview", pick=picks(first, second)).text)
    # Meanwhile the other owner settles one of them at the platform.
    with site.database.writing() as db:
        nora = User(email="nora@example.org", name="Nora", password_hash="!", created_at=site.clock(), may_spend=True)
        db.add(nora)
        db.flush()
        db.add(Membership(user_id=nora.id, study_id=study_by_slug(db, "night").id, role=Role.OWNER))
        site.people = {**site.people, "nora": nora.id}
    site.visitor("nora").post(f"{PAYMENTS}/done", pick=str(first))
    changed = olivia.post(f"{PAYMENTS}/sending", **shown)
    assert changed.status_code == 409
    words = words_of(changed.text)
    assert "Nothing was sent: something changed after this page was opened" in words
    assert "Pay 1.00 USD to 1 worker" in words
    assert "sent by Nora" in words
    assert states(site) == ["sent", "queued"]


def test_what_may_have_been_done_is_sent_again_only_after_a_preview_that_says_so(site: Site) -> None:
    olivia = site.visitor("olivia")
    number = order(site, ActionKind.BONUS, 100, 20)
    with site.database.writing() as db:
        db.get_one(PlatformAction, number).state = ActionState.UNSURE
    page = olivia.page(PAYMENTS)
    [form] = [one for one in page.split("<form")[1:] if "Not done: send again" in one]
    assert f'action="{PAYMENTS}/preview"' in form
    assert [field in form for field in (f'name="pick" value="{number}"', 'name="again" value="yes"')] == [True, True]
    assert "Nothing to send" in words_of(olivia.post(f"{PAYMENTS}/preview", pick=str(number)).text)
    shown = olivia.post(f"{PAYMENTS}/preview", pick=str(number), again="yes").text
    words = words_of(shown)
    assert "It is not known whether Mechanical Turk did this already." in words
    assert "Pay 1.00 USD to 1 worker?" in words
    assert states(site) == ["unsure"]
    fields = confirmed(shown)
    without = {name: value for name, value in fields.items() if name != "again"}
    assert olivia.post(f"{PAYMENTS}/sending", **without).status_code == 409
    assert states(site) == ["unsure"]
    # No marketplace is configured, so it is tried now and fails.
    assert olivia.post(f"{PAYMENTS}/sending", **fields).is_redirect
    assert states(site) == ["failed"]


def test_an_empty_choice_is_one_sentence(site: Site) -> None:
    answer = site.visitor("olivia").post(f"{PAYMENTS}/preview")
    assert (answer.status_code, "Select what to send first." in answer.text) == (400, True)
    assert "Select what you have done" in site.visitor("olivia").post(f"{PAYMENTS}/done").text


def test_marking_several_marks_all_or_none(site: Site) -> None:
    olivia = site.visitor("olivia")
    numbers = [order(site, ActionKind.APPROVE, 100) for _ in range(3)]
    assert olivia.post(f"{PAYMENTS}/cancelled", action=str(numbers[2])).is_redirect
    assert olivia.post(f"{PAYMENTS}/done", pick=picks(*numbers)).status_code == 409
    assert states(site) == ["queued", "queued", "cancelled"]
    done = olivia.post(f"{PAYMENTS}/done", pick=picks(*numbers[:2]))
    assert olivia.context(done.headers["location"]).notice == "2 actions marked as done."


class TestTwoAtOnce:
    def test_one_claims_and_the_other_is_told_so(self, market: Market) -> None:
        market.time.now = datetime.now(UTC)
        with market.database.writing() as db:
            study = db.get_one(Study, market.study_id)
            number = queue_publication(db, study, OFFER, TASK_URL, market.owner_id, market.time())[0].id
        together, results = threading.Barrier(2), list[SendResult]()

        def send() -> None:
            together.wait()
            results.append(market.sender.send(market.study_id, number, market.owner_id))

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted((result.elsewhere, result.outcome == "Published.") for result in results) == [
            (False, True),
            (True, False),
        ]
        with market.database.reading() as db:
            assert db.get_one(PlatformAction, number).tries == 1

    def test_the_second_click_says_that_nothing_was_sent_twice(self) -> None:
        twice = [SendResult(number, ActionState.SENT, "This was sent already.", elsewhere=True) for number in (1, 2)]
        address = sent_address("/p", [*twice, SendResult(3, ActionState.SENT, "Paid.")], "sent", "not_sent")
        query = dict(part.split("=") for part in address.partition("?")[2].split("&"))
        assert notice_text(query).startswith("1 sent now. 2 not sent a second time: you or another owner")

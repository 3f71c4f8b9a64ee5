"""Bonuses, messages and exclusions from a submission's and a worker's page."""

from html import unescape

import pytest
from sqlalchemy import select

from keytrail.models import AssignmentIdentity, PlatformAction, Submission
from keytrail.requester.platform.payments_page import PaymentsPage
from keytrail.requester.submission.page import SubmissionPage
from keytrail.requester.workers.worker import WorkerPage
from tests.platform_actions.sending import confirmed
from tests.platform_actions.test_dashboard import PAYMENTS, change, olivia, site
from tests.requester.site import Site, Visitor, words_of

__all__ = ["olivia", "site"]


@pytest.fixture
def text(site: Site) -> str:
    """A submission that the marketplace holds."""
    return written(site, "A1")


def written(site: Site, assignment: str) -> str:
    work = site.hand(worker="W7")
    work.hand.types("A few words of a text.")
    public_id = work.submit()
    with site.database.writing() as db:
        submission = db.scalars(select(Submission).where(Submission.public_id == public_id)).one()
        db.add(AssignmentIdentity(session_id=submission.session_id, assignment_id=assignment))
    return public_id


def actions(site: Site) -> list[tuple[str, int, str]]:
    with site.database.reading() as db:
        found = db.scalars(select(PlatformAction).order_by(PlatformAction.id))
        return [(action.kind, action.amount_cents, action.reason) for action in found]


def test_the_submissions_page_offers_all_three_to_an_owner_only(site: Site, olivia: Visitor, text: str) -> None:
    page: SubmissionPage = olivia.context(f"/submissions/{text}")
    assert page.payment.forms is not None
    assert page.payment.forms.choices == [(text, text)]
    for name in ("rafael", "vera"):
        other: SubmissionPage = site.visitor(name).context(f"/submissions/{text}")
        assert (other.payment.held, other.payment.forms) == (True, None)


def test_a_bonus_and_a_message_wait_until_they_are_sent(site: Site, olivia: Visitor, text: str) -> None:
    bonus = {"submission": text, "amount": "0.50", "reason": "Thank you.", "token": "b" * 32}
    message = {"submission": text, "subject": "Hello", "text": "One <question>.", "token": "c" * 32}
    for _ in range(2):
        assert olivia.post(f"{PAYMENTS}/bonus", **bonus).status_code == 303
        assert olivia.post(f"{PAYMENTS}/message", **message).status_code == 303
    assert actions(site) == [("bonus", 50, "Thank you."), ("message", 0, "One <question>.")]
    page: SubmissionPage = olivia.context(f"/submissions/{text}")
    assert [(line.word, line.amount) for line in page.payment.waiting] == [("Message", ""), ("Bonus", "0.50 USD")]


def test_a_message_with_a_mistake_keeps_what_was_typed(site: Site, olivia: Visitor, text: str) -> None:
    answer = olivia.post(f"{PAYMENTS}/message", submission=text, subject="s" * 201, text="<b>Hi</b>")
    assert (answer.status_code, "&lt;b&gt;Hi&lt;/b&gt;" in answer.text) == (400, True)
    for name in ("rafael", "vera"):
        refused = site.visitor(name).post(f"{PAYMENTS}/message", submission=text, subject="s", text="t")
        assert refused.status_code == 403
    assert actions(site) == []


def test_work_that_no_platform_holds_is_said_to_be_so(site: Site, olivia: Visitor) -> None:
    work = site.hand()
    work.hand.types("Imported.")
    imported = work.submit()
    assert "No platform holds this work" in words_of(olivia.page(f"/submissions/{imported}"))
    answer = olivia.post(f"{PAYMENTS}/bonus", submission=imported, amount="1", reason="x")
    assert (answer.status_code, "No platform holds this work" in words_of(answer.text)) == (409, True)


@pytest.mark.parametrize(
    ("platform", "instead"),
    [
        ("panel", "Keytrail cannot write to workers through the panel."),
        ("direct", "Write to your participants yourself"),
    ],
)
def test_where_workers_cannot_be_written_to_the_page_says_what_to_do(
    site: Site, olivia: Visitor, text: str, platform: str, instead: str
) -> None:
    change(site, platform=platform)
    page = olivia.page(f"/submissions/{text}")
    assert instead in unescape(words_of(page))
    assert "payments/message" not in page
    assert olivia.post(f"{PAYMENTS}/message", submission=text, subject="s", text="t").status_code == 409


def test_a_bonus_by_hand_is_written_down_and_marked(site: Site, olivia: Visitor, text: str) -> None:
    change(site, platform="panel")
    olivia.post(f"{PAYMENTS}/bonus", submission=text, amount="1.00", reason="Thank you.")
    page: PaymentsPage = olivia.context(PAYMENTS)
    (line,) = page.waiting.lines
    assert (line.can_send, line.can_mark, line.instead[:15]) == (False, True, "Keytrail cannot")
    olivia.post(f"{PAYMENTS}/done", pick=str(line.id))
    done: SubmissionPage = olivia.context(f"/submissions/{text}")
    assert [(one.word, one.state) for one in done.payment.ended] == [("Bonus", "sent")]


def test_the_workers_page_asks_for_which_text(site: Site, olivia: Visitor, text: str) -> None:
    other = written(site, "A2")
    submission: SubmissionPage = olivia.context(f"/submissions/{text}")
    page: WorkerPage = olivia.context(f"/studies/night/workers/{submission.worker}")
    assert page.forms is not None
    assert [public_id for public_id, _ in page.forms.choices] == [other, text]
    reviewer: WorkerPage = site.visitor("rafael").context(f"/studies/night/workers/{submission.worker}")
    assert reviewer.forms is None


def test_a_bonus_over_the_budget_stays_and_the_page_says_why(site: Site, olivia: Visitor, text: str) -> None:
    olivia.post("/studies/night/platform/budget", budget="0.40")
    olivia.post(f"{PAYMENTS}/bonus", submission=text, amount="0.50", reason="Thank you.")
    (line,) = olivia.context(PAYMENTS).waiting.lines
    shown = olivia.post(f"{PAYMENTS}/preview", pick=str(line.id)).text
    answer = olivia.post(f"{PAYMENTS}/sending", **confirmed(shown))
    (line,) = olivia.context(answer.headers["location"]).waiting.lines
    assert "would commit 0.60 USD" in line.outcome
    assert [one.state for one in olivia.context(PAYMENTS).waiting.lines] == ["queued"]

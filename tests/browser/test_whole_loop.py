"""From publishing to the bonus, against the sandbox, with the server killed and started again between the steps."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import boto3
import pytest
from playwright.sync_api import Browser, Page

from app.sandbox import SandboxConfig
from app.web.services import utc_now
from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import EMAIL, PASSWORD, STUDY, Keytrail
from tests.browser.review_api import ReviewApi
from tests.browser.texts import FOREIGN, OWN
from tests.browser.waiting import until
from tests.payments.market import credentials_file
from tests.sandbox.people import PASSWORD as WORKERS_PASSWORD
from tests.sandbox.running import Time, loopback_socket, serving

KEY, SECRET = "AKIDWHOLELOOP", "a secret for this test"
FEEDBACK = "Most of this text arrived in one piece. Please write in the box next time."


class RealTime(Time):
    """The marketplace's clock is the server's: both are real processes here."""

    def __call__(self) -> Any:
        return utc_now()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[str]:
    with loopback_socket() as listener:
        origin = f"http://localhost:{listener.getsockname()[1]}"
        config = SandboxConfig(tmp_path / "sandbox.sqlite3", origin, access_key=KEY, secret_key=SECRET)
        with serving(config, RealTime(), listener):
            yield origin


@pytest.fixture
def server(sandbox: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keytrail]:
    monkeypatch.setenv("KEYTRAIL_MTURK_ENDPOINT", sandbox)
    monkeypatch.setenv("KEYTRAIL_MTURK_CREDENTIALS_FILE", str(credentials_file(tmp_path, KEY, SECRET)))
    found = Keytrail(tmp_path, sandbox, reward="1.00", places_per_item=2)
    yield found
    found.close()
    assert "Traceback" not in found.log, found.log


@pytest.fixture
def requester(sandbox: str) -> Iterator[Any]:
    client = boto3.client(
        "mturk", endpoint_url=sandbox, region_name="us-east-1", aws_access_key_id=KEY, aws_secret_access_key=SECRET
    )
    with closing(client):
        yield client


@pytest.fixture
def person(chromium: Browser) -> Iterator[Callable[[], Chromium]]:
    """Somebody with a browser of their own."""
    opened: list[Chromium] = []

    def person() -> Chromium:
        opened.append(Chromium(chromium))
        return opened[-1]

    yield person
    for window in opened:
        window.close()


def restarted(server: Keytrail) -> None:
    server.kill()
    server.start()


def test_the_whole_loop(server: Keytrail, sandbox: str, requester: Any, person: Callable[[], Chromium]) -> None:
    owner = person().page
    sign_in(owner, server)
    publish(owner, server)
    restarted(server)
    (hit,) = requester.list_hits()["HITs"]
    assert (hit["MaxAssignments"], hit["Reward"]) == (2, "1.00")

    typist, paster = person(), person()
    typed_at = accept(typist, sandbox, hit["HITId"], "typist@example.org")
    restarted(server)
    write(typist, lambda: typist.type(OWN))
    restarted(server)
    pasted_at = accept(paster, sandbox, hit["HITId"], "paster@example.org")
    write(paster, lambda: paste(paster, FOREIGN))
    answers = until(lambda: submitted(requester, hit["HITId"], 2), "the marketplace to hold both")
    typed, pasted = answers[typed_at], answers[pasted_at]
    restarted(server)

    review = ReviewApi(server.url, server.token)
    assert [review.submission(typed).verdict, review.submission(pasted).verdict] == ["clear", "strong"]
    decide(owner, server, typed, "accept")
    restarted(server)
    decide(owner, server, pasted, "propose_rejection")
    assert statuses(requester, hit["HITId"]) == ["Submitted", "Submitted"]

    owner.goto(f"{server.url}/studies/{STUDY}/payments")
    row = owner.locator('tr[data-action="reject"]')
    row.locator('input[name="reason"]').fill(FEEDBACK)
    row.get_by_role("button", name="Save").click()
    restarted(server)
    owner.reload()
    owner.locator("#send").click()
    owner.get_by_text("2 sent.").wait_for()
    restarted(server)
    give_bonus(owner, server, typed)
    restarted(server)
    owner.reload()
    owner.locator("#send").click()
    owner.get_by_text("1 sent.").wait_for()

    assert statuses(requester, hit["HITId"]) == ["Approved", "Rejected"]
    rejected = requester.get_assignment(AssignmentId=pasted_at)["Assignment"]
    assert rejected["RequesterFeedback"] == FEEDBACK
    (bonus,) = requester.list_bonus_payments(HITId=hit["HITId"])["BonusPayments"]
    assert (bonus["BonusAmount"], bonus["AssignmentId"]) == ("0.75", typed_at)
    account = requester.get_account_balance()
    spent = 10_000 - float(account["AvailableBalance"]) - float(account["OnHoldBalance"])
    assert spent == pytest.approx(1.20 + 0.90)
    review.close()


def sign_in(page: Page, server: Keytrail) -> None:
    page.goto(f"{server.url}/sign-in")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.url}/")


def publish(page: Page, server: Keytrail) -> None:
    page.goto(f"{server.url}/studies/{STUDY}/platform")
    page.fill("#assignments", "2")
    page.click("#preview")
    assert page.locator("#total").inner_text() == "2.40 USD"
    page.click("#publish-now")
    page.get_by_text("1 HIT was published.").wait_for()


def accept(window: Chromium, sandbox: str, hit_id: str, email: str) -> str:
    """Sign up, look at the preview, accept, agree; the assignment's id."""
    page = window.page
    page.goto(f"{sandbox}/sign-up")
    page.fill('input[name="email"]', email)
    page.fill('input[name="password"]', WORKERS_PASSWORD)
    page.fill('input[name="country"]', "DE")
    page.locator('form[action="/sign-up"] button').click()
    page.wait_for_url(f"{sandbox}/")
    page.goto(f"{sandbox}/hits/{hit_id}")
    page.frame_locator("iframe").get_by_text("This is a preview.").wait_for()
    page.locator('form[action$="/accept"] button').first.click()
    page.wait_for_url(f"{sandbox}/work/**")
    page.frame_locator("iframe").locator("#consent").click()
    page.frame_locator("iframe").locator("#answer").wait_for()
    return page.url.rpartition("/")[2]


def write(window: Chromium, how: Callable[[], object]) -> None:
    """Come back to the page, write, and submit."""
    window.reload()
    box = window.page.frame_locator("iframe").locator("#answer")
    box.click()
    how()
    window.page.frame_locator("iframe").locator("#submit").click()
    # The frame shows the marketplace's answer, so the marketplace has the form.
    window.page.frame_locator("iframe").locator("#answer").wait_for(state="detached")


def paste(window: Chromium, text: str) -> None:
    window.put_on_clipboard(text)
    window.press("Control+v")


def submitted(requester: Any, hit_id: str, number: int) -> dict[str, str]:
    """The receipt in each answer, by assignment, once so many are there."""
    found = requester.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    receipts = {a["AssignmentId"]: a["Answer"].split("<FreeText>")[1].split("<")[0] for a in found}
    return receipts if len(receipts) == number else {}


def statuses(requester: Any, hit_id: str) -> list[str]:
    return [a["AssignmentStatus"] for a in requester.list_assignments_for_hit(HITId=hit_id)["Assignments"]]


def decide(page: Page, server: Keytrail, receipt: str, kind: str) -> None:
    page.goto(f"{server.url}/submissions/{receipt}")
    page.locator(f'input[name="kind"][value="{kind}"]').check()
    page.select_option("#reason", "no_typing" if kind == "propose_rejection" else "typed_throughout")
    page.locator("#decide button[type=submit]").click()
    page.locator("#decision .standing strong").wait_for()


def give_bonus(page: Page, server: Keytrail, receipt: str) -> None:
    page.goto(f"{server.url}/studies/{STUDY}/payments")
    page.fill("#b-submission", receipt)
    page.fill("#b-amount", "0.75")
    page.fill("#b-reason", "For a careful summary.")
    page.get_by_role("button", name="Queue the bonus").click()
    page.get_by_text("The bonus waits to be sent.").wait_for()

"""A requester in a browser: sets up a study, publishes, reviews, pays and exports, all in the dashboard."""

import csv
import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from playwright.sync_api import Page

from tests.browser.keytrail import EMAIL, PASSWORD
from tests.waiting import until

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TOLD_TO_WORKERS = {
    "institution": "The laboratory",
    "contact": "lab@example.org",
    "ethics_number": "none",
    "retention": "two years",
}
"""Without these four nothing is published."""
_AFTER_TWO_CLICKS = re.compile(r"\d sent\.|not sent a second time|Nothing was sent")


class RequesterPage:
    """The dashboard's pages of one study, as its owner goes through them."""

    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        self._url = url
        self._study = ""

    def sign_in(self) -> None:
        """Sign in with the password."""
        self._page.goto(f"{self._url}/sign-in")
        self._page.fill("#email", EMAIL)
        self._page.fill("#password", PASSWORD)
        self._page.get_by_role("button", name="Sign in").click()
        self._page.wait_for_url(f"{self._url}/")

    def create_study(self, slug: str, fields: Mapping[str, str], platform: str = "mturk") -> None:
        """Fill in the form for a new study; what is not named keeps its default."""
        self._page.get_by_role("link", name="New study").click()
        for name, value in {"slug": slug, **_TOLD_TO_WORKERS, **fields}.items():
            self._page.fill(f"#{name}", value)
        self._page.select_option("#platform", platform)
        self._page.get_by_role("button", name="Create the study").click()
        self._study = f"{self._url}/studies/{slug}"
        self._page.wait_for_url(f"{self._study}/items")

    def upload_items(self, items: Mapping[str, str]) -> None:
        """Upload a workbook on the page that follows a new study, look at its preview, and import it."""
        book = Workbook()
        for row in (("Record", "Passage"), *items.items()):
            book.active.append(row)
        content = BytesIO()
        book.save(content)
        file = {"name": "items.xlsx", "mimeType": _XLSX, "buffer": content.getvalue()}
        self._page.set_input_files("#file", file)  # type: ignore[arg-type]  # a dict is as good as the class
        self._page.get_by_role("button", name="Upload").click()
        self._page.get_by_text("Nothing has been added yet.").wait_for()
        self._page.get_by_label("Text that workers read").select_option("Passage")
        self._page.get_by_label("Id", exact=True).select_option("Record")
        assert self._page.locator("tbody").inner_text().split("\t")[0] == next(iter(items))
        self._page.get_by_role("button", name="Import").click()
        self._page.get_by_role("status").wait_for()

    def try_as_worker(self, text: str) -> str:
        """Begin a trial of the draft on its checklist, write a text and submit; the verdict of its report."""
        self._page.goto(f"{self._study}/checklist")
        with self._page.expect_popup() as opened:
            self._page.get_by_role("button", name="begin a trial").click()
        task = opened.value
        task.get_by_text("This is a trial of the task by its owner.").wait_for()
        task.click("#consent")
        task.locator("#answer:not([readonly])").click()
        task.keyboard.type(text)
        task.click("#submit")
        task.locator("#result").wait_for()
        task.close()
        self._page.reload()
        self._page.get_by_role("link", name="What Keytrail saw").click()
        self._page.get_by_role("heading", name="Findings").wait_for()
        return self._page.locator(".headline .chip").inner_text().strip()

    def publish_study(self) -> None:
        """Go through the draft's checklist, confirm what is asked, and let workers in."""
        self._page.get_by_role("link", name="checklist").last.click()
        for box in self._page.locator('[name="confirmed"]').all():
            box.check()
        self._page.click("#publish-study")
        self._page.get_by_text("The study is published").wait_for()

    def publish(self, places: int) -> str:
        """Publish after looking at the preview, on the page that follows the checklist; the cost that it names."""
        self._page.fill("#assignments", str(places))
        self._page.click("#preview")
        total = self._page.locator("#total").inner_text()
        self._page.click("#publish-now")
        self._page.get_by_text("1 HIT published.").wait_for()
        return total

    def draft(self, places: int) -> None:
        """Create the study at Prolific or Connect, as a draft with the offer that is suggested."""
        self._page.goto(f"{self._study}/platform")
        self._page.fill("#places", str(places))
        self._page.click("#draft")
        self._page.get_by_text("The draft is created.").wait_for()

    def launch(self) -> str:
        """Publish the draft; the cost that was named before."""
        self._page.goto(f"{self._study}/platform")
        total = self._page.locator("#total").inner_text()
        self._page.click("#launch")
        self._page.get_by_text("Published.").wait_for()
        return total

    def decide(self, receipt: str, kind: str, reason: str) -> str:
        """Wait for the analysis and decide; the verdict that the page showed."""
        self._page.goto(f"{self._url}/submissions/{receipt}")
        verdict = self._page.locator(".headline .chip")
        verdict.wait_for(timeout=180_000)
        label = verdict.inner_text().strip()
        self._page.locator(f'#decide input[name="kind"][value="{kind}"]').check()
        self._page.select_option("#reason", reason)
        self._page.locator("#decide button[type=submit]").click()
        self._page.locator("#decision .decision-state strong").wait_for()
        return label

    def explain_rejection(self, feedback: str) -> None:
        """Write what the worker of the one proposed rejection is told."""
        self._page.goto(f"{self._study}/payments")
        row = self._page.locator('tr[data-action="reject"]')
        row.locator('input[name="reason"]').fill(feedback)
        row.get_by_role("button", name="Save").click()
        self._page.get_by_text("The worker will be told this.").wait_for()

    def ask_for_return(self, reason: str) -> None:
        """Ask for the return of the text of the one proposed rejection."""
        self._page.goto(f"{self._study}/payments")
        self._page.get_by_role("link", name="Choose what happens").click()
        self._page.fill("#return-reason", reason)
        self._page.click("#choose-return")
        self._page.get_by_text("Changed. It waits to be sent.").wait_for()

    def give_bonus(self, receipt: str, amount: str, reason: str) -> None:
        """Queue a bonus from the text's page."""
        self._page.goto(f"{self._url}/submissions/{receipt}")
        self._page.get_by_text("Send a bonus").click()
        self._page.fill("#b-amount", amount)
        self._page.fill("#b-reason", reason)
        self._page.get_by_role("button", name="Queue the bonus").click()
        self._page.get_by_text("The bonus waits to be sent.").wait_for()

    def send_all(self) -> int:
        """Tick and send what waits; how much it was. Rejections are not ticked beforehand."""
        self._page.goto(f"{self._study}/payments")
        waiting = self._page.locator('input[type="checkbox"][name="pick"]')
        assert self._page.locator('[data-action="reject"] input[name="pick"]:checked').count() == 0
        for box in waiting.all():
            box.check()
        number = waiting.count()
        self._page.locator("#send").click()
        self._page.locator("#send-now").click()
        self._page.get_by_text(f"{number} sent.").wait_for()
        return number

    def send_all_with_a_double_click(self) -> None:
        """Send what is ticked as somebody does who clicks twice; the second answer is the one that is shown."""
        self._page.goto(f"{self._study}/payments")
        self._page.locator("#send").click()
        self._page.locator("#send-now").dblclick()
        # The second click comes before, during or after the sending; each has its sentence.
        self._page.get_by_text(_AFTER_TWO_CLICKS).first.wait_for()
        until(self._has_sent_all, "what was ticked to be sent")

    def _has_sent_all(self) -> bool:
        self._page.goto(f"{self._study}/payments")
        return self._page.locator('input[name="pick"]:checked').count() == 0

    def receipt_of(self, platform_id: str) -> str:
        """The newest text of a worker who is found by the platform's id, in the header's search box."""
        self._page.fill("#find", platform_id)
        self._page.press("#find", "Enter")
        self._page.locator("main ul a.worker").click()
        link = self._page.locator(".list a[href^='/submissions/']").first
        return (link.get_attribute("href") or "").partition("?")[0].rpartition("/")[2]

    def settle_by_hand(self) -> list[dict[str, str]]:
        """Take the list of what waits, as for paying people elsewhere, and upload it when that is done."""
        self._page.goto(f"{self._study}/payments")
        with self._page.expect_download() as download:
            self._page.click("#download-list")
        path = Path(until(download.value.path, "the download"))
        content = path.read_bytes()
        self._page.set_input_files("#done-file", {"name": "list.csv", "mimeType": "text/csv", "buffer": content})
        self._page.click("#mark-list")
        self._page.get_by_role("status").filter(has_text="marked as done").wait_for()
        return list(csv.DictReader(content.decode().splitlines()))

    def figures(self) -> dict[str, str]:
        """The study's money, as its page says it."""
        self._page.goto(f"{self._study}/payments")
        names, amounts = (self._page.locator(f".figures {part}").all_inner_texts() for part in ("dt", "dd"))
        return dict(zip(names, amounts, strict=True))

    def export(self, table: str) -> list[dict[str, str]]:
        """Download a table as CSV."""
        self._page.goto(f"{self._study}/export")
        self._page.select_option("#e-table", table)
        with self._page.expect_download() as download:
            self._page.get_by_role("button", name="Download").click()
        path = Path(until(download.value.path, "the download"))
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

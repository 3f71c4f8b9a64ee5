"""What owners do now and then: duplicate, rename, archive and delete a study, edit items, erase, notify, transfer."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import update

from keytrail.models import Study
from tests.browser.dashboard.reader import Reader
from tests.requester.site import Site

OPEN = Callable[..., Reader]


def test_a_copy_of_a_study_is_renamed_archived_restored_and_deleted(reader: OPEN) -> None:
    window = reader("olivia")
    page = window.open("/studies/night/settings")
    page.get_by_role("link", name="Manage study").click()
    assert window.violations() == []
    page.get_by_label("Title of the copy").fill("Day light")
    page.get_by_role("button", name="Duplicate study").click()
    expect(page.get_by_role("link", name="Day light")).to_be_visible()
    page.get_by_label("Name in the address").fill("day")
    page.get_by_role("button", name="Change address").click()
    page.wait_for_url("**/studies/day/manage**")
    page.get_by_role("button", name="Archive study").click()
    page.wait_for_url("**/archive")
    assert window.violations() == []
    page.get_by_role("button", name="Restore Day light").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.get_by_role("link", name="Delete this study").click()
    expect(page.get_by_text("3 items")).to_be_visible()
    assert window.violations() == []
    page.get_by_label("Type day to confirm").fill("day")
    page.get_by_role("button", name="Delete study permanently").click()
    expect(page.get_by_role("status")).to_have_text("The study is deleted.")
    expect(page.get_by_role("link", name="Night light")).to_be_visible()
    expect(page.get_by_role("link", name="Day light")).to_have_count(0)


def test_a_file_that_was_misread_is_read_again(reader: OPEN) -> None:
    window = reader("olivia")
    page = window.open("/studies/night/items")
    content = "ID\tText\nd\tŞişli'de güneşli bir gün\n".encode("cp1254")
    file = {"name": "more.tsv", "mimeType": "text/plain", "buffer": content}
    page.set_input_files("#file", file)  # type: ignore[arg-type]  # a dict is as good as the class
    page.get_by_role("button", name="Upload").click()
    page.get_by_label("Encoding").select_option("Western (Windows-1252)")
    page.get_by_role("button", name="Read again").click()
    expect(page.get_by_role("cell", name="Þiþli'de güneþli bir gün")).to_be_visible()
    assert window.violations() == []
    page.get_by_label("Encoding").select_option("Japanese (Shift JIS)")
    page.get_by_role("button", name="Read again").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose another encoding")
    assert [failure for failure in window.failures if "400" not in failure] == []
    window.failures.clear()
    page.get_by_role("link", name="Back to the file as it was read first").click()
    page.get_by_role("button", name="Import 1 item").click()
    expect(page.get_by_role("status").first).to_contain_text("1 item was added.")


def test_an_item_is_edited_removed_and_restored(reader: OPEN) -> None:
    window = reader("olivia")
    page = window.open("/studies/night/items")
    file = {"name": "more.csv", "mimeType": "text/csv", "buffer": b"Passage,Year\nA new text to read.,2024\n"}
    page.set_input_files("#file", file)  # type: ignore[arg-type]  # a dict is as good as the class
    page.get_by_role("button", name="Upload").click()
    page.get_by_label("Text that workers read").select_option("Passage")
    expect(page.get_by_text("Stored with each item and exported: Year.")).to_be_visible()
    assert window.violations() == []
    page.get_by_role("button", name="Import 1 item").click()
    expect(page.get_by_role("status").first).to_contain_text("1 item was added.")
    page.locator("tbody tr").nth(3).get_by_role("link").first.click()
    page.get_by_label("Title").fill("Edited")
    page.get_by_label("Text that workers read").fill("Another text to read.")
    page.get_by_role("button", name="Save item").click()
    expect(page.get_by_role("status")).to_have_text("The item was saved.")
    expect(page.get_by_label("Text that workers read")).to_have_value("Another text to read.")
    page.get_by_role("link", name="Items", exact=True).click()
    page.locator("tbody tr", has_text="Edited").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="Recently removed")).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("status").first).to_contain_text("The item is restored.")
    expect(page.get_by_role("link", name="Edited", exact=True)).to_be_visible()


def test_a_link_is_revoked_and_a_removed_member_comes_back(reader: OPEN) -> None:
    window = reader("olivia")
    page = window.open("/studies/night/people")
    page.get_by_role("button", name="Create invitation link").click()
    link = page.locator("code.secret").inner_text()
    page.get_by_role("button", name="Revoke the link for a new reviewer").click()
    expect(page.get_by_role("heading", name="Unused links")).to_have_count(0)
    assert page.request.get(link).status == 404
    page.get_by_label("Role of Vera").select_option("")
    page.get_by_role("button", name="Save the role of Vera").click()
    expect(page.get_by_role("status")).to_contain_text("Recently removed")
    assert window.violations() == []
    page.get_by_role("button", name="Restore Vera").click()
    expect(page.get_by_label("Role of Vera")).to_have_value("viewer")


def test_a_worker_is_erased_after_their_name_is_typed(reader: OPEN) -> None:
    window = reader("olivia")
    page = window.open("/studies/night/workers")
    row = page.locator("tbody tr").filter(has_not_text="excluded").last  # that exclusion waits to be sent
    name = row.get_by_role("link").inner_text()
    row.get_by_role("link").click()
    page.get_by_role("link", name=re.compile("Erase this worker")).click()
    assert window.violations() == []
    page.get_by_label(f"Type {name} to confirm").fill(name)
    page.get_by_role("button", name="Erase worker permanently").click()
    expect(page.get_by_role("status")).to_have_text("The worker is erased.")
    expect(page.get_by_role("link", name=name)).to_have_count(0)


def test_choices_of_filters_are_counted_when_somebody_goes_to_them(reader: OPEN) -> None:
    page = reader("rafael").open("/studies/night/queue")
    rows = page.locator("tbody tr").count()
    undecided = page.locator("#f-decision option[value=undecided]")
    expect(undecided).to_have_text("undecided")
    page.focus("#f-decision")
    expect(undecided).to_have_text(f"undecided ({rows})")
    finding = page.locator("#f-finding option[value=external_text]")
    expect(finding).to_contain_text("(")
    found = (finding.text_content() or "").rpartition("(")[2].rstrip(")")
    page.select_option("#f-finding", "external_text")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.wait_for_url("**finding=external_text**")
    expect(page.locator("[data-found]")).to_have_text(f"{found} of {rows}")
    expect(page.locator("tbody tr")).to_have_count(int(found))


def test_reviewers_who_disagree_see_each_other_once_both_have_decided(reader: OPEN, served: tuple[Site, str]) -> None:
    site, _ = served
    with site.database.writing() as db:
        db.execute(update(Study).values(reviews_per_submission=2))
    first, second = reader("rafael"), reader("olivia")
    page = first.open("/studies/night/queue")
    page.locator("tbody tr th a").first.click()
    address = first.path
    page.locator('#decide input[name="kind"][value="accept"]').check()
    page.locator("#decide button[type=submit]").click()
    page = second.open(address)
    expect(page.locator("#decision")).not_to_contain_text("Rafael")
    page.locator('#decide input[name="kind"][value="exclude"]').check()
    page.locator("#decide button[type=submit]").click()
    page = second.open("/studies/night/queue")
    page.get_by_role("link", name="Disagreements").click()
    expect(page.locator("tbody")).to_contain_text("You: accepted, excluded from data")
    expect(page.locator("tbody")).to_contain_text("Rafael: accepted")
    assert second.violations() == []


def test_references_are_uploaded_and_a_webhook_is_added(reader: OPEN) -> None:
    window = reader("olivia")
    page = window.open("/studies/night/classifier")
    texts = [(item, word) for item in "ab" for word in ("first", "second")]
    rows = [{"item": item, "text": f"A {word} text.", "by": "human"} for item, word in texts]
    content = "\n".join(map(json.dumps, rows)).encode()
    page.set_input_files("#file", {"name": "r.jsonl", "mimeType": "application/jsonl", "buffer": content})
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("status").first).to_have_text("4 texts were imported.")
    expect(page.get_by_text("4 texts by people")).to_be_visible()
    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_role("link", name="Notifications").click()
    page.get_by_label("Address").fill("https://example.org/hook")
    page.get_by_role("button", name="Add webhook").click()
    expect(page.locator("tbody")).to_contain_text("https://example.org/hook")
    assert window.violations() == []
    page.get_by_role("button", name="Remove https://example.org/hook").click()
    expect(page.get_by_text("Nobody is notified about this study.")).to_be_visible()


def test_a_study_is_transferred(reader: OPEN) -> None:
    window = reader("olivia")
    page = window.open("/studies/night/manage")
    page.get_by_label("New owner").select_option(label="Rafael (rafael@example.org)")
    page.get_by_role("button", name="Transfer study").click()
    page.wait_for_url("**/studies/night/overview")
    expect(page.get_by_role("link", name="Settings", exact=True)).to_have_count(0)
    expect(reader("rafael").open("/studies/night/people").get_by_label("Role of Olivia")).to_have_value("reviewer")

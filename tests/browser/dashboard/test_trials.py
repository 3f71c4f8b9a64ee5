"""An owner tries a draft in a new tab, and then reads what Keytrail saw."""

from playwright.sync_api import expect

from keytrail.studies import ItemRow, add_items, study_by_slug
from tests.browser.axe import violations
from tests.browser.dashboard.conftest import OPEN_READER
from tests.requester.site import Site

TEXT = "The sea rises twice a day."
DRAFT = {"title": "Tides", "slug": "tides", "instructions": "Summarise.", "platform": "mturk", "minimum_words": "2"}


def test_from_the_checklist_to_the_findings_and_back(reader: OPEN_READER, served: tuple[Site, str]) -> None:
    site, _ = served
    assert site.visitor("otto").post("/new-study", **DRAFT).is_redirect
    with site.database.writing() as db:
        add_items(db, study_by_slug(db, "tides"), [ItemRow(key="a", text="High water comes every twelve hours.")])
    window = reader("otto")
    page = window.open("/studies/tides/checklist")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="begin a trial").click()
    task = opened.value
    expect(task.get_by_role("note")).to_contain_text("This is a trial of the task by its owner.")
    assert violations(task) == []
    task.get_by_role("button", name="I agree, show me the task").click()
    expect(task.get_by_label("Your text")).to_be_editable()
    task.get_by_label("Your text").press_sequentially(TEXT, delay=5)
    expect(task.get_by_role("note")).to_be_visible()
    task.get_by_role("button", name="Submit").click()
    expect(task.get_by_role("heading", level=1)).to_contain_text("Thank you")
    page.reload()
    assert window.violations() == []
    page.get_by_role("link", name="What Keytrail saw").click()
    expect(page.get_by_text(TEXT).first).to_be_visible()
    expect(page.get_by_text("Nothing is counted, decided, paid or exported.")).to_be_visible()
    assert window.violations() == []
    page.get_by_role("link", name="Checklist").click()
    page.get_by_role("button", name="Delete trial").click()
    expect(page.get_by_text("What Keytrail saw", exact=True)).to_have_count(0)
    assert window.failures == []

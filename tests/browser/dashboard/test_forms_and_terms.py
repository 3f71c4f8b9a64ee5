"""Words that are explained where they stand, and forms that are not left by accident."""

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.dashboard.conftest import OPEN_READER


def test_a_word_is_explained_by_key_alone(reader: OPEN_READER) -> None:
    window = reader("olivia")
    page = window.open("/studies/night")
    question = page.get_by_role("button", name="What is a verdict?")
    meaning = page.get_by_text("What the findings of a submission add up to")
    expect(meaning).to_be_hidden()
    question.focus()
    window.press("Enter")
    expect(meaning).to_be_visible()
    assert window.violations() == []
    assert window.overflow() <= 0
    window.press("Tab")
    expect(page.get_by_role("link", name="Glossary")).to_be_focused()
    window.press("Escape")
    expect(meaning).to_be_hidden()
    expect(question).to_be_focused()


def test_leaving_a_form_with_changes_asks_and_saving_does_not(reader: OPEN_READER) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    window = reader("olivia")
    page = window.open("/studies/night/settings")
    page.on("dialog", stay)
    page.fill("#title", "Night light, changed")
    page.get_by_role("link", name="Help").click()
    expect(page.locator("#title")).to_have_value("Night light, changed")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("status").wait_for()
    page.get_by_role("link", name="Help").click()
    page.wait_for_url(f"{window.url}/help/studies")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("written", ["a note", "a webhook", "a budget", "a title"])
def test_leaving_what_was_written_asks(reader: OPEN_READER, written: str) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    window = reader("olivia")
    if written == "a note":
        page, field, words = window.open("/studies/night"), "#note", "Looks retyped."
        page.locator("table.list tbody a").first.click()
        page.wait_for_url("**/submissions/**")
    else:
        page_of = {"a webhook": "notifications", "a budget": "platform", "a title": "manage"}
        field = {"a webhook": "#address", "a budget": "#budget", "a title": "#title"}[written]
        words = {"a webhook": "https://example.org/hook", "a budget": "12", "a title": "A copy"}[written]
        page = window.open(f"/studies/night/{page_of[written]}")
    page.on("dialog", stay)
    before = page.input_value(field)
    page.fill(field, words)
    page.get_by_role("link", name="Help").click()
    expect(page.locator(field)).to_have_value(words)
    assert asked == ["beforeunload"]
    page.fill(field, before)
    page.get_by_role("link", name="Help").click()
    page.wait_for_url(f"{window.url}/help**")
    assert asked == ["beforeunload"]

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard.conftest import ELSEWHERE
from tests.browser.dashboard.reader import Reader
from tests.requester.site import Site


@pytest.fixture(scope="module")
def recorded(served: tuple[Site, str]) -> str:
    """Typed, left for 41 s, pasted, corrected."""
    work = served[0].hand(worker="Wreplay")
    work.hand.types("Good light helps.").leaves(41_000).pastes(ELSEWHERE).wait(75_000).types(" The end.").erases(5)
    return work.submit()


@pytest.fixture
def page(reader: Callable[..., Reader], recorded: str) -> Page:
    window = reader("vera")
    opened = window.open(f"/submissions/{recorded}")
    opened.get_by_role("tab", name="Replay").click()
    return opened


def screen(page: Page) -> str:
    return page.locator(".screen").inner_text().strip()


def at(page: Page) -> str:
    return page.locator("[data-at]").inner_text()


class TestReplay:
    def test_begins_empty_and_plays_to_the_submitted_text(self, page: Page) -> None:
        assert at(page) == "00:00"
        page.get_by_label("Speed").select_option("16")
        page.get_by_role("button", name="Play", exact=True).click()
        expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible(timeout=20_000)
        shown = page.locator("#answer-text .run").all_inner_texts()
        assert screen(page) == f"Good light helps.{ELSEWHERE} The"
        assert ELSEWHERE.strip() in "".join(shown)

    def test_colours_what_came_without_typing_as_the_answer_does(self, page: Page) -> None:
        page.locator(".account .a-paste .moment").click()
        expect(page.locator(".screen .o-external")).to_have_text(ELSEWHERE.strip())
        expect(page.locator(".screen .o-typed").first).to_have_text("Good light helps.")

    def test_a_finding_leads_to_its_moment(self, page: Page) -> None:
        page.locator("#finding-external_text .moment").first.click()
        expect(page.locator("[data-now]")).to_contain_text("from outside this page, after 41 s away")
        expect(page.locator(".account [aria-current]")).to_contain_text("Pasted 97 characters")

    def test_steps_go_edit_by_edit_in_both_directions(self, page: Page) -> None:
        on, back = page.get_by_role("button", name="Step on"), page.get_by_role("button", name="Step back")
        for wanted in ("G", "Go", "Goo"):
            on.click()
            expect(page.locator(".screen")).to_have_text(wanted)
        back.click()
        expect(page.locator(".screen")).to_have_text("Go")
        for _ in range(3):
            back.click()
        expect(page.locator(".screen")).to_have_text("")
        assert at(page) == "00:00"

    def test_keys_do_the_same(self, page: Page) -> None:
        page.keyboard.press(".")
        page.keyboard.press(".")
        expect(page.locator(".screen")).to_have_text("Go")
        page.keyboard.press(",")
        expect(page.locator(".screen")).to_have_text("G")
        page.keyboard.press("p")
        expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
        page.keyboard.press("p")
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()

    def test_the_slider_scrubs_and_tells_the_time(self, page: Page) -> None:
        slider = page.get_by_role("slider", name="Moment of the session")
        slider.focus()
        page.keyboard.press("End")
        expect(page.locator(".screen")).to_have_text(f"Good light helps.{ELSEWHERE} The")
        announced = slider.get_attribute("aria-valuetext")
        assert announced == at(page) != "00:00"
        page.keyboard.press("Home")
        expect(page.locator(".screen")).to_have_text("")

    def test_a_click_on_the_timeline_goes_there(self, page: Page) -> None:
        timeline = page.locator(".timeline")
        box = timeline.bounding_box()
        assert box is not None
        timeline.click(position={"x": box["width"] - 3, "y": box["height"] / 2})
        expect(page.locator(".screen")).to_contain_text("The")

    def test_long_pauses_are_shortened_and_said_to_be(self, page: Page) -> None:
        page.locator(".account .a-paste .moment").click()
        page.get_by_label("Speed").select_option("1")
        page.get_by_role("button", name="Play", exact=True).click()
        expect(page.locator("[data-now]")).to_contain_text("Pause of 75 s, shown shortened.")
        page.get_by_role("button", name="Pause", exact=True).click()


class TestAnswer:
    def test_hovering_and_focusing_a_run_tell_how_it_came(self, page: Page) -> None:
        page.locator("#run-1").hover()
        expect(page.locator("#run-tooltip")).to_contain_text("from elsewhere, 97 characters, at 00:5")
        page.mouse.move(0, 0)
        expect(page.locator("#run-tooltip")).to_be_hidden()
        page.locator("#run-1 .mark").focus()
        expect(page.locator("#run-tooltip")).to_contain_text("from elsewhere")
        page.keyboard.press("Escape")
        expect(page.locator("#run-tooltip")).to_be_hidden()

    def test_a_copied_passage_lights_up_beside_its_run(self, served: tuple[Site, str], page: Page) -> None:
        work = served[0].hand(worker="Wcopier")
        passage = work.hand.item[12:120]
        work.hand.copies_item(12, 120).pastes(passage).types(" So it says.")
        page.goto(f"{served[1]}/submissions/{work.submit()}")
        page.locator("#run-1").hover()
        expect(page.locator(".item-text .lit")).to_contain_text(passage.strip())
        page.locator(".item-text .mark").focus()
        expect(page.locator("#run-1")).to_have_class("run o-source lit")
        page.get_by_role("tab", name="Item").focus()
        page.mouse.move(0, 0)
        expect(page.locator(".lit")).to_have_count(0)

    def test_without_javascript_everything_is_there_but_the_player(
        self, reader: Callable[..., Reader], recorded: str
    ) -> None:
        page = reader("vera", java_script_enabled=False).open(f"/submissions/{recorded}")
        expect(page.locator(".timeline")).to_be_visible()
        expect(page.locator(".account li").first).to_be_visible()
        expect(page.locator(".player")).to_be_hidden()
        expect(page.get_by_role("radio", name="Accept Pay", exact=False)).to_have_count(0)

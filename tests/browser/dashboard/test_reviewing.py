import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from keytrail.models import Decision, Submission
from keytrail.review.judging.reasons import REASONS
from tests.browser.dashboard.conftest import fill, serving
from tests.browser.dashboard.reader import Reader
from tests.requester.site import Site

Fresh = tuple[Site, str]
CHOOSE = "1 – 4"  # noqa: RUF001  # a range

# The focused element, if no part of it can be seen above the bar.
_BENEATH_THE_BAR = """() => {
  const [bar, at] = [document.querySelector(".decision-bar"), document.activeElement];
  return bar.contains(at) || at.getBoundingClientRect().top < bar.getBoundingClientRect().top ? [] : [at.outerHTML];
}"""


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Fresh]:
    """A study of its own for a test that changes it."""
    with serving(tmp_path) as (site, url):
        fill(site)
        yield site, url


@pytest.fixture
def rafael(chromium: Browser, fresh: Fresh) -> Iterator[Reader]:
    window = Reader(chromium, *fresh, "rafael")
    yield window
    window.close()
    assert window.failures == []


def decided(site: Site) -> dict[str, str]:
    with site.database.reading() as db:
        rows = db.execute(select(Submission.public_id, Submission.decision).where(Submission.decision.is_not(None)))
        return {public_id: decision for public_id, decision in rows if decision is not None}


def away_from(path: str) -> Callable[[str], bool]:
    """Another page than this; the address may still name it, to undo what was done there."""
    return lambda url: urlsplit(url).path != path


class TestByKeyboardAlone:
    def test_ten_submissions_are_reviewed(self, fresh: Fresh, rafael: Reader) -> None:
        site, _ = fresh
        page = rafael.open("/studies/night/queue")
        rafael.press("r")
        page.wait_for_url("**/submissions/**")
        seen = []
        for number in range(10):
            here = rafael.path
            seen.append(here)
            choice = str(1 + number % 3)
            rafael.press(choice, "n")
            page.keyboard.type(f"Note {number}: j k d u 1 2 are text here.")
            rafael.press("Escape", "d")
            page.wait_for_url(away_from(here))
        assert len(set(seen)) == 10
        assert sorted(decided(site).values()) == ["accept"] * 4 + ["exclude"] * 3 + ["second_look"] * 3
        with site.database.reading() as db:
            notes = db.scalars(select(Decision.note).order_by(Decision.id)).all()
        assert notes == [f"Note {number}: j k d u 1 2 are text here." for number in range(10)]

    def test_the_last_decision_is_undone(self, fresh: Fresh, rafael: Reader) -> None:
        page = rafael.open("/studies/night/queue")
        rafael.press("r")
        page.wait_for_url("**/submissions/**")
        first = rafael.path
        rafael.press("2", "d")
        page.wait_for_url(away_from(first))
        expect(page.get_by_text(re.compile("^Accepted, excluded from data: .+, worker .+"))).to_be_visible()
        rafael.press("u")
        page.wait_for_url(f"**{first}?queue=1")
        assert decided(fresh[0]) == {}

    def test_next_previous_and_back_to_the_queue_as_it_was(self, rafael: Reader) -> None:
        page = rafael.open("/studies/night/queue?verdict=strong")
        rafael.press("r")
        page.wait_for_url("**/submissions/**")
        first = rafael.path
        rafael.press("j")
        page.wait_for_url(away_from(first))
        rafael.press("k")
        page.wait_for_url(f"**{first}?verdict=strong&queue=1")
        rafael.press("q")
        page.wait_for_url("**/studies/night/queue?verdict=strong")

    def test_a_reason_is_chosen_with_the_decision(self, fresh: Fresh, rafael: Reader) -> None:
        page = rafael.open("/studies/night/queue")
        rafael.press("r")
        page.wait_for_url("**/submissions/**")
        first = rafael.path
        rafael.press("2", "r", "ArrowDown", "Escape", "d")
        page.wait_for_url(away_from(first))
        with fresh[0].database.reading() as db:
            assert db.scalars(select(Decision.reason)).one() == next(iter(REASONS))

    def test_the_list_of_keys_names_those_that_work_on_the_page(self, rafael: Reader) -> None:
        page = rafael.open("/studies/night/queue")
        dialog = page.get_by_role("dialog", name="Keys")
        rafael.press("?")
        expect(dialog.locator("dt")).to_have_text(["j", "k", "x", "/", "r", "?"])
        rafael.press("Escape", "r")
        page.wait_for_url("**/submissions/**")
        rafael.press("?")
        expect(dialog.locator("dt")).to_have_text(["j", "k", "q", CHOOSE, "r", "n", "d", "p", ", .", "?"])
        page.goto(page.url.partition("?")[0])
        rafael.press("?")
        expect(dialog.locator("dt")).to_have_text([CHOOSE, "r", "n", "d", "p", ", .", "?"])

    def test_the_list_of_keys_opens_and_keys_can_be_switched_off(self, rafael: Reader) -> None:
        page = rafael.open("/studies/night/queue")
        rafael.press("r")
        page.wait_for_url("**/submissions/**")
        rafael.press("?")
        dialog = page.get_by_role("dialog", name="Keys")
        expect(dialog).to_be_visible()
        assert rafael.violations() == []
        dialog.get_by_label("Use single keys").uncheck()
        rafael.press("Escape")
        expect(dialog).to_be_hidden()
        rafael.press("1")
        expect(page.get_by_role("radio").first).not_to_be_checked()


class TestOnAPhone:
    def test_the_bar_at_the_bottom_decides_and_covers_nothing(self, fresh: Fresh, chromium: Browser) -> None:
        window = Reader(chromium, *fresh, "rafael", viewport={"width": 390, "height": 844})
        page = window.open("/studies/night/queue")
        page.get_by_role("button", name=re.compile("^Review ")).click()
        page.wait_for_url("**/submissions/**")
        first = window.path
        bar = page.get_by_role("navigation", name="Decision")
        expect(bar).to_be_in_viewport(ratio=1)
        top = (bar.bounding_box() or {"y": 0})["y"]
        page.locator("footer").evaluate("end => scrollTo(0, document.documentElement.scrollHeight)")
        end = page.locator("footer").bounding_box()
        assert end is not None
        assert end["y"] + end["height"] <= top
        page.evaluate("() => { scrollTo(0, 0); document.activeElement.blur(); }")
        hidden = []
        for _ in range(page.locator("a, button, input, select, textarea, summary, [tabindex='0']").count()):
            page.keyboard.press("Tab")
            hidden += page.evaluate(_BENEATH_THE_BAR)
        assert hidden == []
        link = bar.get_by_role("link", name="Other decision")
        link.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#decision-title")).to_be_in_viewport()
        bar.get_by_role("button", name="Accept").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(away_from(first))
        assert decided(fresh[0]) == {first.rpartition("/")[2]: "accept"}
        expect(page.get_by_text(re.compile("^Accepted: "))).to_be_visible()
        window.close()
        assert window.failures == []


class TestTwoReviewers:
    def test_share_the_queue_and_see_what_the_other_has_claimed(
        self, fresh: Fresh, rafael: Reader, chromium: Browser
    ) -> None:
        page = rafael.open("/studies/night/queue")
        rafael.press("r")
        page.wait_for_url("**/submissions/**")
        olivia = Reader(chromium, *fresh, "olivia")
        other = olivia.open("/studies/night/queue")
        expect(other.get_by_text("open elsewhere")).to_have_count(1)
        olivia.press("r")
        other.wait_for_url("**/submissions/**")
        assert olivia.path != rafael.path
        olivia.open(rafael.path)
        expect(other.get_by_text("Rafael is reviewing this submission")).to_be_visible()
        olivia.close()
        assert olivia.failures == []


class TestSeveralAtOnce:
    def test_are_previewed_before_they_are_decided(self, fresh: Fresh, rafael: Reader) -> None:
        page = rafael.open("/studies/night/queue?verdict=strong")
        page.get_by_label("Select all on this page").check()
        count = page.get_by_role("checkbox", checked=True).count() - 1
        page.locator("#bulk-kind").select_option("exclude")
        page.locator("#bulk-reason").select_option("no_typing")
        page.get_by_role("button", name="Preview …").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"{count} submissions?")
        assert rafael.violations() == []
        assert decided(fresh[0]) == {}
        page.get_by_role("button", name="Accept, exclude from data").click()
        expect(page.get_by_text("No submission matches these filters")).to_be_visible()
        assert list(decided(fresh[0]).values()) == ["exclude"] * count
        expect(page.get_by_text(re.compile(f"^{count}.submissions: accepted, excluded from data"))).to_be_visible()
        rafael.press("u")
        expect(page.get_by_role("checkbox", name="Select Item")).to_have_count(count)
        assert decided(fresh[0]) == {}


class TestLive:
    def test_a_new_submission_appears_by_itself(self, fresh: Fresh, rafael: Reader) -> None:
        site, _ = fresh
        page = rafael.open("/studies/night")
        rows = page.locator("tbody tr")
        expect(rows).to_have_count(12)
        work = site.hand()
        work.hand.types("Quite new.")
        work.submit()
        expect(rows).to_have_count(13, timeout=15_000)

    def test_a_reader_in_the_middle_of_something_is_only_told(self, fresh: Fresh, rafael: Reader) -> None:
        site, _ = fresh
        page = rafael.open("/studies/night/queue")
        page.get_by_role("checkbox", name="Select Item").first.check()
        work = site.hand()
        work.hand.types("Quite new.")
        work.submit()
        expect(page.get_by_role("button", name="Something is new. Show it")).to_be_visible(timeout=15_000)
        expect(page.get_by_role("checkbox", name="Select Item").first).to_be_checked()

    def test_a_page_that_waits_shows_the_evidence_as_soon_as_it_is_there(self, fresh: Fresh, rafael: Reader) -> None:
        site, _ = fresh
        work = site.hand()
        work.hand.pastes("Something that came from elsewhere, long enough to be flagged. " * 2)
        public_id = work.submit(analysed=False)
        page = rafael.open(f"/submissions/{public_id}")
        expect(page.get_by_text("Being analysed.")).to_be_visible()
        with site.database.reading() as db:
            number = db.scalars(select(Submission.id).where(Submission.public_id == public_id)).one()
        site.analyse(number)
        expect(page.get_by_role("heading", name="Findings")).to_be_visible(timeout=15_000)

    def test_a_page_that_waits_does_not_take_away_what_was_written(self, fresh: Fresh, rafael: Reader) -> None:
        site, _ = fresh
        work = site.hand()
        work.hand.types("Quite new.")
        public_id = work.submit(analysed=False)
        page = rafael.open(f"/submissions/{public_id}")
        page.fill("#note", "Looks fine.")
        page.locator("#note").blur()
        with site.database.reading() as db:
            number = db.scalars(select(Submission.id).where(Submission.public_id == public_id)).one()
        site.analyse(number)
        expect(page.get_by_role("button", name="The analysis is finished. Show it")).to_be_visible(timeout=15_000)
        expect(page.locator("#note")).to_have_value("Looks fine.")


class TestStudyForm:
    def test_the_preview_follows_what_is_written(self, fresh: Fresh, chromium: Browser) -> None:
        olivia = Reader(chromium, *fresh, "olivia")
        page = olivia.open("/studies/night/settings")
        preview = page.frame_locator("iframe")
        expect(preview.locator("#instructions")).to_have_text("Summarise.")
        page.get_by_label("Instructions").fill("Please write **three** sentences.")
        expect(preview.locator("#instructions strong")).to_have_text("three")
        expect(preview.locator("#source")).to_contain_text("Staff who rotate")
        page.get_by_label("Workers per item").fill("10")
        page.get_by_label("Reward").fill("1.5")
        expect(page.locator("[data-cost]")).to_contain_text("30 places × 1.50 USD = 45.00 USD")  # noqa: RUF001  # as on the page
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        olivia.close()
        assert olivia.failures == []

    def test_a_study_is_created_and_gets_its_items(self, fresh: Fresh, chromium: Browser, tmp_path: Path) -> None:
        otto = Reader(chromium, *fresh, "otto")
        page = otto.open("/new-study")
        page.get_by_label("Title").fill("Otto's study")
        page.get_by_label("Instructions").fill("Write.")
        page.get_by_text("Change when a finding is raised").click()
        limit = page.get_by_label("External high (share from 0 to 1)")
        limit.fill("much")
        page.get_by_role("button", name="Create the study").click()
        expect(page.get_by_role("alert")).to_be_focused()
        page.get_by_role("link", name="External high").click()
        expect(limit).to_be_focused()
        limit.fill("0.6")
        page.get_by_role("button", name="Create the study").click()
        file = tmp_path / "items.csv"
        file.write_text("id,text\na,One text\na,Another\n")
        page.get_by_label("Add items from a file").set_input_files(file)
        page.get_by_role("button", name="Upload").click()
        page.get_by_role("button", name="Import 2 items").click()
        expect(page.get_by_role("alert")).to_contain_text("line 3: id 'a' stands on line 2 already")
        page.get_by_role("button", name="Discard the file").click()
        file.write_text("id,text\na,One text\nb,Another\n")
        page.get_by_label("Add items from a file").set_input_files(file)
        page.get_by_role("button", name="Upload").click()
        page.get_by_role("button", name="Import 2 items").click()
        expect(page.get_by_text("2 items were added.")).to_be_visible()
        otto.close()
        assert [failure for failure in otto.failures if "400" not in failure] == []


def test_a_form_of_another_origin_changes_nothing(fresh: Fresh, rafael: Reader, tmp_path: Path) -> None:
    """As an attacker would: a page elsewhere that posts with the reviewer's own browser."""
    site, url = fresh
    with site.database.reading() as db:
        public_id = db.scalars(select(Submission.public_id).limit(1)).one()
    trap = tmp_path / "trap.html"
    trap.write_text(
        f'<form method=post action="{url}/submissions/{public_id}/decisions">'
        "<input name=kind value=accept><button>x</button></form>"
    )
    rafael.page.goto(trap.as_uri())
    rafael.page.get_by_role("button").click()
    rafael.page.wait_for_load_state()
    assert decided(site) == {}
    rafael.failures.clear()

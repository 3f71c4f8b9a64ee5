"""The pictures of the documentation. `make images` writes them; here each is taken and thrown away."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard.conftest import ELSEWHERE
from tests.browser.dashboard.reader import Reader
from tests.requester.site import Site

WINDOW = {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"}
DOCUMENTATION = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def submission(served: tuple[Site, str]) -> str:
    """Typed with corrections, left for 41 s, pasted from elsewhere, ended by hand."""
    work = served[0].hand(worker="Wpicture", seed=7)
    hand = work.hand.wait(20_000)
    hand.types("Amber light at the end of the nigth").erases(4)
    hand.types("ight let the staff sleep longer after their shifts. ")
    hand.wait(12_000).types("The study asks why, and looks at melatonin in saliva. ").leaves(41_000).pastes(ELSEWHERE)
    hand.wait(15_000).types("The groups were small, so the size of the effect is not known well.")
    return work.submit()


@pytest.fixture
def page(reader: Callable[..., Reader]) -> Page:
    return reader("rafael", **WINDOW).page


@pytest.fixture
def keep(page: Page, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], None]:
    """Return a function that takes the picture of that name; it has to be one that the documentation shows."""
    chosen = request.config.getoption("--documentation-images")
    # Tests run in folders of their own.
    folder = request.config.invocation_params.dir / chosen if chosen else tmp_path

    def keep_as(name: str) -> None:
        assert any(f"images/{name}.png" in document.read_text() for document in DOCUMENTATION.glob("*.md"))
        page.screenshot(path=folder / f"{name}.png", animations="disabled")

    return keep_as


def test_submission(page: Page, served: tuple[Site, str], submission: str, keep: Callable[[str], None]) -> None:
    page.goto(f"{served[1]}/submissions/{submission}")
    expect(page.get_by_role("tab", name="Replay")).to_be_visible()
    keep("submission")


def test_replay(page: Page, served: tuple[Site, str], submission: str, keep: Callable[[str], None]) -> None:
    page.goto(f"{served[1]}/submissions/{submission}")
    page.get_by_role("tab", name="Replay").click()
    expect(page.locator("[data-at]")).to_be_visible()
    page.get_by_label("Moment of the session").press("End")
    page.get_by_role("tab", name="Replay").evaluate("tab => tab.scrollIntoView()")
    keep("replay")


def test_queue(page: Page, served: tuple[Site, str], submission: str, keep: Callable[[str], None]) -> None:
    page.goto(f"{served[1]}/studies/night")
    expect(page.locator(f"a[href*='{submission}']").first).to_be_visible()
    keep("queue")

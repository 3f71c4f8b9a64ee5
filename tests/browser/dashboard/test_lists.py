"""Lists, the command palette and the page on prevalence as their reader uses them."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select, update

from keytrail.models import ActionKind, ActionState, Item, Objection, PlatformAction, Submission
from keytrail.studies import ItemRow, add_items, study_by_slug
from keytrail.synthetic.prevalence.cache import PREVALENCE, current_figures
from tests.browser.dashboard.reader import Reader
from tests.requester.site import Site

OPEN = Callable[..., Reader]
LONG = "Amber evening light and recovery sleep in rotating hospital staff: a cluster-randomised trial on fourteen wards"


def _texts(page: Page, column: int) -> list[str]:
    return page.locator(f"tbody tr > :nth-child({column})").all_inner_texts()


@pytest.fixture
def long_lists(served: tuple[Site, str]) -> Iterator[None]:
    """For one test: titles longer than any column, more rows, an objection, and a payment that was refused."""
    site, _ = served
    with site.database.writing() as db:
        study = study_by_slug(db, "night")
        for item in db.scalars(select(Item)):
            item.title = f"{LONG} ({item.key})"
        add_items(db, study, [ItemRow(key=f"{LONG.lower()} {number}", title=LONG, text=LONG) for number in range(12)])
        submissions = db.scalars(select(Submission).order_by(Submission.id)).all()
        kinds = [ActionKind.REJECT, ActionKind.APPROVE, ActionKind.APPROVE]
        for number, submission in enumerate(submissions):
            db.add(
                PlatformAction(
                    study_id=study.id,
                    submission_id=submission.id,
                    kind=kinds[number % 3],
                    state=ActionState.QUEUED if number else ActionState.FAILED,
                    outcome="" if number else "The platform says that this assignment is approved already.",
                    reason=LONG if number % 2 else "",
                    token=f"long-{number}",
                    amount_cents=100,
                    fee_cents=40,
                    currency="USD",
                    queued_at=site.clock(),
                    queued_by_id=site.people["olivia"],
                )
            )
        submissions[0].settled = submissions[0].objected = True
        submissions[0].decision = "exclude"
        db.add(Objection(submission_id=submissions[0].id, words="I wrote it.", made_at=site.clock()))
    yield
    with site.database.writing() as db:
        db.execute(delete(PlatformAction).where(PlatformAction.token.startswith("long-")))
        db.execute(delete(Objection))
        db.execute(delete(Item).where(Item.title == LONG))
        db.execute(update(Submission).values(settled=False, objected=False, decision=None))


@pytest.mark.usefixtures("long_lists")
def test_a_row_is_one_line_and_twelve_are_in_sight(reader: OPEN) -> None:
    window = reader("olivia")
    for path in ("queue", "", "items", "workers", "payments"):
        page = window.open(f"/studies/night/{path}".rstrip("/"))
        rows = page.locator("table.lines").first.locator(
            "tbody tr:not(:has(.told))"
        )  # what was refused is told in full
        for width in (1366, 1440, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            boxes = [box for row in rows.all() if (box := row.bounding_box()) is not None]
            assert len(boxes) >= 3, path
            height = max(box["height"] for box in boxes)
            assert height < 40, (path, width)
            assert boxes[0]["y"] + 12 * height <= 900, (path, width)
            assert page.locator(".table-scroll").first.evaluate("all => all.scrollWidth - all.clientWidth") <= 0


def test_headers_sort_and_filters_count(reader: OPEN) -> None:
    page = reader("olivia").open("/studies/night")
    header = page.get_by_role("columnheader", name="Words")
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") == "ascending"
    counts = [int(text) for text in _texts(page, 6)]
    assert counts == sorted(counts)
    header.get_by_role("button").click()
    assert [int(text) for text in _texts(page, 6)] == sorted(counts, reverse=True)
    page.keyboard.press("/")
    page.keyboard.type("script")
    page.keyboard.press("Enter")
    page.wait_for_url("**words=script**")
    rows = page.locator("tbody tr").count()
    expect(page.locator("[data-found]")).to_have_text(f"{rows} of 12")
    expect(page.locator("[data-verdict='']")).to_have_text(str(rows))


def test_lines_are_selected_by_keys_and_by_a_stretch(reader: OPEN) -> None:
    page = reader("rafael").open("/studies/night/queue")
    picks = page.locator("[name=pick]")
    for key in "jxjjx":
        page.keyboard.press(key)
    assert [pick.is_checked() for pick in picks.all()[:3]] == [True, False, True]
    expect(page.locator("[data-chosen]")).to_have_text("2 selected")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("[data-chosen]")).to_have_text("3 selected")
    picks.nth(4).click()
    picks.nth(7).click(modifiers=["Shift"])
    expect(page.locator("[data-chosen]")).to_have_text("7 selected")


def test_the_palette_goes_to_a_page(reader: OPEN) -> None:
    window = reader("olivia")
    page = window.open("/studies/night/items")
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Go to")
    expect(palette).to_be_visible()
    page.keyboard.type("preval")
    expect(palette.get_by_role("link").first).to_have_text("Prevalence")
    assert window.violations() == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/studies/night/prevalence")


@pytest.mark.parametrize("zone", ["Pacific/Honolulu"])
def test_pages_say_whose_days_they_count(reader: OPEN, zone: str) -> None:
    page = reader("vera", timezone_id=zone).open("/studies/night/overview")
    expect(page.locator("footer [data-zone]")).to_have_text(zone)
    page.reload()
    expect(page.get_by_text(f"By the time they came in ({zone}).")).to_be_visible()


def test_prevalence_opens_with_the_answer_and_its_figure_is_taken_along(reader: OPEN, served: tuple[Site, str]) -> None:
    site, _ = served
    with site.database.reading() as db:
        study = study_by_slug(db, "night")
    current_figures(site.database, PREVALENCE, [study], site.clock, in_child=False)
    page = reader("olivia").open("/studies/night/prevalence")
    expect(page.locator(".headline")).to_contain_text("came from elsewhere")
    expect(page.get_by_role("img", name="Estimates of the share written by language models")).to_be_visible()
    with page.expect_download() as begun:
        page.get_by_role("link", name="Download figure (SVG)").click()
    assert begun.value.suggested_filename == "night-prevalence.svg"


def test_sorting_what_waits_keeps_what_is_selected(reader: OPEN, served: tuple[Site, str]) -> None:
    site, _ = served
    *others, excluded = (row.line.worker for row in site.visitor("olivia").context("/studies/night").rows)
    for name in sorted({*others} - {excluded})[:2]:
        site.exclude_worker(name, "Asked for it.")
    page = reader("olivia").open("/studies/night/payments")
    table = page.get_by_role("region", name="To be sent")
    names = table.locator("td.worker").all_inner_texts()
    assert len(names) == 3
    table.get_by_role("checkbox", name=names[0]).uncheck()
    header = table.get_by_role("columnheader", name="Worker", exact=True)
    for direction in ("ascending", "descending"):
        header.get_by_role("button").click()
        assert header.get_attribute("aria-sort") == direction
        assert table.locator("td.worker").all_inner_texts() == sorted(names, reverse=direction == "descending")
        assert table.get_by_role("checkbox", checked=False).count() == 1
        expect(table.get_by_role("checkbox", name=names[0])).not_to_be_checked()
    for fixed in ("Select", "Message to the worker", "Other"):
        expect(table.get_by_role("columnheader", name=fixed).get_by_role("button")).to_have_count(0)

"""All colours and fonts of the style sheets are tokens, defined once."""

import re
from pathlib import Path

import pytest

from keytrail.resources import STATIC, TEMPLATES

TOKENS = STATIC / "tokens.css"

PAGES = sorted(page for page in TEMPLATES.rglob("*.html") if page.read_text().startswith("<!doctype html>"))
SHEETS = sorted(set(STATIC.rglob("*.css")) - {TOKENS})


def defined(sheet: Path) -> set[str]:
    return set(re.findall(r"^\s*(--[a-z-]+):", sheet.read_text(), re.MULTILINE))


def used(sheet: Path) -> set[str]:
    return set(re.findall(r"var\((--[a-z-]+)", sheet.read_text()))


def set_by_pages() -> set[str]:
    """Return the properties that templates and scripts set on single elements."""
    pages = [*STATIC.rglob("*.js"), *TEMPLATES.rglob("*.html")]
    return {name for page in pages for name in re.findall(r"--[a-z-]+", page.read_text())}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: str(sheet.relative_to(STATIC)))
def test_every_custom_property_of_a_style_sheet_is_defined(sheet: Path) -> None:
    of_its_folder = {name for other in sheet.parent.glob("*.css") for name in defined(other)}
    assert used(sheet) <= defined(TOKENS) | of_its_folder | set_by_pages()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: str(sheet.relative_to(STATIC)))
def test_colours_are_written_as_tokens(sheet: Path) -> None:
    rules = re.sub(r"^\s*--[a-z-]+:[^;]*;", "", sheet.read_text(), flags=re.MULTILINE)
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", rules)) <= {"#fff"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_every_whole_page_loads_the_tokens(page: Path) -> None:
    assert re.search(r"tokens\.css|\"requester/styles\.html\"|\{\{ styles \}\}", page.read_text())


def test_every_token_is_used() -> None:
    assert defined(TOKENS) <= {name for sheet in [TOKENS, *SHEETS] for name in used(sheet)}

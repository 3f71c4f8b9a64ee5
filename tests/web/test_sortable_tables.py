"""Every list can be sorted by its headers: on the page where all rows are there, by the server where they are not."""

import re

import pytest

from keytrail.resources import TEMPLATES

_TABLE = re.compile(r'<table class="(list\b[^"]*)"(.*?)</thead>', re.DOTALL)
_ORDERED_BY_THE_FILE = {"study/item_upload.html"}
"""The first rows of an uploaded file are an excerpt in the order of the file."""
_HEADS = {
    path.relative_to(TEMPLATES / "requester").as_posix(): [whole for _, whole in _TABLE.findall(path.read_text())]
    for path in sorted((TEMPLATES / "requester").rglob("*.html"))
}


@pytest.mark.parametrize("name", sorted(name for name, heads in _HEADS.items() if heads))
def test_every_list_is_sorted_by_its_headers(name: str) -> None:
    for head in _HEADS[name]:
        attributes, _, columns = head.partition("<thead>")
        if name in _ORDERED_BY_THE_FILE:
            assert "data-sortable" not in attributes
            continue
        assert "data-sortable" in attributes
        if "data-sortable{% endif %}" in attributes:
            assert re.search(r"\{\{ (sorts|head)\(", columns), "a list of several pages is sorted by the server"


@pytest.mark.parametrize("name", sorted(name for name, heads in _HEADS.items() if heads))
def test_columns_of_buttons_are_not_sorted(name: str) -> None:
    for head in _HEADS[name]:
        hidden = re.findall(r"<th([^>]*)><span class=\"unseen\">", head)
        assert all("data-unsorted" in attributes for attributes in hidden)


def test_the_lists_are_found() -> None:
    assert sum(map(len, _HEADS.values())) > 20

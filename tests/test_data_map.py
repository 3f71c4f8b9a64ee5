"""The data map of docs/privacy.md has every table of the database, each once."""

import re
from collections import Counter
from pathlib import Path

from keytrail.models.base import Base

_DOCUMENT = Path(__file__).parents[1] / "docs" / "privacy.md"


def rows() -> list[list[str]]:
    """The cells of each row of the map."""
    section = _DOCUMENT.read_text().partition("\n## Data map\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_every_table_is_in_the_map_once() -> None:
    named = Counter(table for row in rows() for table in re.findall(r"`(\w+)`", row[1]))
    assert named == Counter(table.name for table in Base.metadata.sorted_tables)


def test_every_row_says_what_why_how_long_who_and_how_it_ends() -> None:
    assert len(rows()) > 10
    assert [row for row in rows() if len(row) != 6 or not all(row)] == []

"""Blanks that the formatter writes at the beginning of a line never become part of a text that somebody edits."""

import re

from keytrail.resources import TEMPLATES

# An attribute's value may hold an expression with quotation marks and a comparison.
_BOX = re.compile(r"<textarea\b((?:\{\{.*?\}\}|\{%.*?%\}|[^>])*)>(.*?)</textarea>", re.DOTALL)


def test_the_content_of_a_text_box_stands_in_one_line() -> None:
    boxes = [
        (path.relative_to(TEMPLATES).as_posix(), content)
        for path in sorted(TEMPLATES.rglob("*.html"))
        for _, content in _BOX.findall(path.read_text(encoding="utf-8"))
    ]
    assert (len(boxes) > 10, [box for box in boxes if "\n" in box[1]]) == (True, [])

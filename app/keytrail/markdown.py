"""Render requesters' Markdown as safe HTML, and as the plain text that a worker can copy from it."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup


def to_html(markdown: str) -> Markup:
    """Return CommonMark without raw HTML, sanitised."""
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    return Markup(nh3.clean(html, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}))  # noqa: S704  # cleaned


def to_text(markdown: str) -> str:
    """Return the words as they appear on the page."""
    return str(to_html(markdown).striptags())

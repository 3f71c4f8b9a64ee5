"""Read the marketplace's pages as a browser would."""

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def elements(html: str, tag: str) -> list[dict[str, str]]:
    """Attributes of every element of this kind."""
    reader = _Elements()
    reader.feed(html)
    return [attributes for name, attributes in reader.found if name == tag]


def frame_query(html: str) -> dict[str, str]:
    """The parameters that the framed task was given."""
    (frame,) = [f for f in elements(html, "iframe") if f["id"] == "task-frame"]
    return {name: values[0] for name, values in parse_qs(urlsplit(frame["src"]).query).items()}

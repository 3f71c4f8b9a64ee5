"""Read the forms of pages, with their fields as a browser would send them unchanged."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit


@dataclass
class Form:
    """The target, and names with values in the page's order. `select` and radio buttons give the first choice."""

    method: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._page = page
        self._select = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            path = urlsplit(given.get("action") or self._page).path
            self.forms.append(Form(given.get("method", "get").upper(), path))
            self._inside = True
        elif self._inside and tag in {"input", "textarea", "button"} and given.get("name"):
            self.forms[-1].fields.setdefault(given["name"], given.get("value", ""))
        elif self._inside and tag == "select":
            self._select = given.get("name", "")
        elif self._inside and tag == "option" and self._select:
            self.forms[-1].fields.setdefault(self._select, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""


def forms_of(html: str, page: str) -> list[Form]:
    """Every form of a page; one without an action goes to the page itself."""
    reader = _Reader(page)
    reader.feed(html)
    return reader.forms

"""The documents in docs/, as pages of the dashboard: which there are, and their HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from posixpath import dirname, join, normpath
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.anchors import anchors_plugin

from keytrail.resources import DOCS

GLOSSARY_PAGE: Final = "glossary"
_GENERATED: Final = "reference/"
_TOCTREE: Final = "{toctree}"
_CAPTION: Final = ":caption: "


@dataclass(frozen=True)
class HelpDocument:
    """A document by its name (its path without the ending)."""

    name: str
    title: str


@dataclass(frozen=True)
class HelpSection:
    """Documents that stand together in the list."""

    caption: str
    documents: Sequence[HelpDocument]


@cache
def sections() -> Sequence[HelpSection]:
    """The list of docs/index.md. Pages that only the documentation site has are left out."""
    found = []
    for token in _markdown().parse((DOCS / "index.md").read_text(encoding="utf-8")):
        if token.info != _TOCTREE:
            continue
        lines = token.content.splitlines()
        caption = next((line.removeprefix(_CAPTION) for line in lines if line.startswith(_CAPTION)), "")
        listed = [_listed(line) for line in lines if line and not line.startswith(":")]
        existing = [document for document in listed if document is not None]
        if existing:
            found.append(HelpSection(caption, existing))
    return found


@cache
def documents() -> Mapping[str, HelpDocument]:
    """Every document that can be read here, by its name."""
    decisions = [_read_title(f"decisions/{path.stem}") for path in sorted((DOCS / "decisions").glob("0*.md"))]
    listed = [document for section in sections() for document in section.documents]
    return {document.name: document for document in (*listed, *decisions) if document.name != GLOSSARY_PAGE}


@cache
def html_of(name: str) -> Markup:
    """A document as HTML; its links lead to the dashboard's own pages."""
    markdown = _markdown()
    parsed = markdown.parse((DOCS / f"{name}.md").read_text(encoding="utf-8"))
    tokens = [token for token in parsed if not token.info.startswith("{")]  # directives are for the documentation site
    for token in tokens:
        _relink(token.children or (), dirname(name))
    html = str(markdown.renderer.render(tokens, markdown.options, {}))
    # What may be wider than the page scrolls by itself, also by keyboard.
    html = html.replace("<pre>", '<pre tabindex="0">')
    html = html.replace("<table>", '<div class="table-scroll" tabindex="0" role="group" aria-label="Table"><table>')
    return Markup(html.replace("</table>", "</table></div>"))  # noqa: S704  # our own documents, without raw HTML


def images() -> frozenset[str]:
    """The names of the images that documents show."""
    return frozenset(path.name for path in (DOCS / "images").glob("*.png"))


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").use(anchors_plugin, max_level=3)


def _listed(name: str) -> HelpDocument | None:
    if name == f"{_GENERATED}{GLOSSARY_PAGE}":
        return HelpDocument(GLOSSARY_PAGE, "Glossary")
    path = DOCS / f"{name}.md"
    if name.startswith(_GENERATED) or not path.is_file() or "```{include}" in path.read_text(encoding="utf-8"):
        return None
    return _read_title(name)


def _read_title(name: str) -> HelpDocument:
    first = (DOCS / f"{name}.md").read_text(encoding="utf-8").partition("\n")[0]
    return HelpDocument(name, first.lstrip("# ").replace("`", ""))


def _relink(tokens: Sequence[Token], folder: str) -> None:
    """Lead links to documents that are served here, and images to where they are served; others go nowhere."""
    for token in tokens:
        if token.type == "link_open":
            target = _address(str(token.attrs["href"]), folder)
            if target:
                token.attrs["href"] = target
            else:
                del token.attrs["href"]
        elif token.type == "image":
            token.attrs["src"] = "/help/" + normpath(join(folder, str(token.attrs["src"])))
            token.attrs["loading"] = "lazy"


def _address(href: str, folder: str) -> str:
    if "://" in href or href.startswith(("#", "mailto:")):
        return href
    path, _, anchor = href.partition("#")
    name = normpath(join(folder, path)).removesuffix(".md")
    if name == f"{_GENERATED}{GLOSSARY_PAGE}":
        name = GLOSSARY_PAGE
    elif not path.endswith(".md") or name not in documents():
        return ""
    return f"/help/{name}" + (f"#{anchor}" if anchor else "")

"""Render pages: one frozen dataclass is a template's whole context."""

import hashlib
from dataclasses import fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Protocol

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from keytrail.language import ENGLISH, Language
from keytrail.platforms.money import money
from keytrail.resources import STATIC, TEMPLATES
from keytrail.web.formatting import counted, decimal, number, percent
from keytrail.web.glossary import GLOSSARY


class Page(Protocol):
    """A frozen dataclass that names its template."""

    template: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


class Pages:
    """Render pages with the templates of this process."""

    def __init__(self) -> None:
        self._environment = _environment()

    def static(self, path: str) -> str:
        """Return the address of a static file; it changes with any file, so browsers may cache it for ever."""
        return f"{_static_root()}/{path}"

    def render(self, page: Page, status: int = 200) -> HTMLResponse:
        """Render the page as an HTML response."""
        return HTMLResponse(self.text(page), status_code=status)

    def text(self, page: Page) -> str:
        """Render the page as text, for files made from a template."""
        context = {field.name: getattr(page, field.name) for field in fields(page)}
        return encodable(self._environment.get_template(page.template).render(context))


@cache
def _environment() -> Environment:
    """Return Jinja's environment; every application of this process shares it and its compiled templates."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    # A script reads it from the page's own encoding; escapes would make it three times as long.
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    root = _static_root()
    environment.globals["static"] = lambda path: f"{root}/{path}"
    environment.globals["glossary"] = GLOSSARY
    environment.filters |= {
        "moment": moment,
        "percent": percent,
        "counted": counted,
        "number": number,
        "decimal": decimal,
        "money": money,
    }
    return environment


@cache
def _static_root() -> str:
    return f"/static/{static_version(STATIC)}"


@pass_context
def _gettext(context: Context, text: str) -> str:
    """`_("...")` in templates: in the page's language, or in English where a page has none."""
    return _language_of(context).translations.gettext(text)


@pass_context
def _ngettext(context: Context, singular: str, plural: str, count: int) -> str:
    return _language_of(context).translations.ngettext(singular, plural, count)


def _language_of(context: Context) -> Language:
    found: Language = context.get("language", ENGLISH)
    return found


def static_version(folder: Path) -> str:
    """Return a short fingerprint of all static files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:10]


def encodable(html: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot encode, by U+FFFD."""
    try:
        html.encode()
    except UnicodeEncodeError:
        return html.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return html


def moment(value: datetime) -> Markup:
    """Return a `<time>` element: UTC without JavaScript, with it the reader's time zone."""
    shown = value.strftime("%Y-%m-%d %H:%M")
    return Markup('<time datetime="{}">{} UTC</time>').format(value.isoformat(timespec="seconds"), shown)


def _current(request: Request) -> Pages:
    found: Pages = request.app.state.pages
    return found


CurrentPages = Annotated[Pages, Depends(_current)]

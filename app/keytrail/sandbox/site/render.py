"""Render templates as responses with their Content-Security-Policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from keytrail.sandbox.site.headers import content_policy


@dataclass(frozen=True)
class Page:
    """A page's whole context; the subclass names its template."""

    template: ClassVar[str]


class Pages:
    """The templates of the marketplace's site."""

    def __init__(self, templates: Path) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def show(
        self, page: Page, *, status: int = 200, frames: Sequence[str] | None = None, ancestors: str = "'none'"
    ) -> HTMLResponse:
        """Render a page. `frames`: origins that the page frames besides our own, if it has frames; `ancestors`: who may
        frame it.
        """
        html = self._environment.get_template(page.template).render(page=page)
        headers = {"Content-Security-Policy": content_policy(frames, ancestors)}
        return HTMLResponse(html, status_code=status, headers=headers)

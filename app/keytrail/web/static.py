"""Serve static files under an address that changes with their content."""

from fastapi import FastAPI
from fastapi.responses import Response

from keytrail.errors import NotFound
from keytrail.resources import STATIC
from keytrail.web.pages import CurrentPages
from keytrail.web.scripts import served_script

# mimetypes depends on the machine; these are all types that we serve.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
# What workers load. A reviewer's scripts are few and come over a better line.
_FOLDED = {"recorder", "worker", "embed"}
_EMBED_FOR_S = 300


def mount_static(app: FastAPI) -> None:
    """Serve `static/` at /static/{version}/…; only the current version's addresses may be cached.

    Other sites load the embeddable recorder without a version: /static/embed.js.
    """
    app.add_api_route("/static/embed.js", _embed, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/static/{version}/{path:path}", _static_file, methods=["GET", "HEAD"], include_in_schema=False)


def _embed(pages: CurrentPages) -> Response:
    """Serve the current embed module; browsers revalidate it after five minutes."""
    script = f'export * from "{pages.static("embed/embed.js")}";\n'
    caching = {"cache-control": f"public, max-age={_EMBED_FOR_S}"}
    return Response(script, media_type=_TYPES[".js"], headers=caching)


def _static_file(version: str, path: str, pages: CurrentPages) -> Response:
    root = STATIC.resolve()
    file = (root / path).resolve()
    if not file.is_relative_to(root) or file.suffix not in _TYPES or not file.is_file():
        raise NotFound("There is no such file.")
    # Validators are useless under an address whose content never changes, and every header costs time on a slow line.
    folded = file.suffix == ".js" and file.parent.name in _FOLDED
    content = served_script(file) if folded else file.read_bytes()
    # Else whoever asks for the next version before a server has it would leave our present one in a shared cache.
    caching = {} if pages.static(path) == f"/static/{version}/{path}" else {"cache-control": "no-cache"}
    return Response(content, media_type=_TYPES[file.suffix], headers=caching)

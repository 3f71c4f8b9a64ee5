"""Paths of templates, static files, migrations, translations and documents: beside the package or in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _root() -> Path:
    installed = _PACKAGE / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parents[1]


TEMPLATES = _root() / "templates"
STATIC = _root() / "static"
MIGRATIONS = _root() / "migrations"
LOCALES = _root() / "locales"
DOCS = _root() / "docs"

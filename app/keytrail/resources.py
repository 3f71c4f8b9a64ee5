"""Paths of templates, static files, migrations and translations: beside the package, or inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _root() -> Path:
    installed = _PACKAGE / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parents[1]


TEMPLATES = _root() / "templates"
STATIC = _root() / "static"
MIGRATIONS = _root() / "migrations"
LOCALES = _root() / "locales"

"""Where templates, static files, migrations and translations are: beside the package, or in a wheel inside it."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _root() -> Path:
    installed = _PACKAGE / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parents[1]


TEMPLATES = _root() / "templates"
STATIC = _root() / "static"
MIGRATIONS = _root() / "migrations"
LOCALES = _root() / "locales"

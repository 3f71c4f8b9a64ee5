"""Write the reference pages of the documentation site from Keytrail's own objects."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import typer
from pydantic import SecretStr
from typer.cli import get_docs_for_click

from keytrail.cli import app as command_line
from keytrail.db import Database
from keytrail.exports.tables import TABLES
from keytrail.main import create_app
from keytrail.provenance import Limits
from keytrail.provenance.rules.catalogue import RULES
from keytrail.provenance.wire.schema import wire_schema
from keytrail.requester.study.limit_fields import limit_meanings
from keytrail.schema import migrate
from keytrail.settings import PREFIX, Settings
from keytrail.synthetic.rules import RULES as ALL_RULES
from keytrail.web.glossary import GLOSSARY


def write(folder: Path) -> None:
    """Write one page for each subject into the folder; pages whose text is unchanged are left alone."""
    folder.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        target, text = folder / f"{name}.md", page()
        if not target.exists() or target.read_text("utf-8") != text:
            target.write_text(text, "utf-8")


def settings() -> str:
    """Every setting with its default and meaning."""
    rows = (
        (f"`{PREFIX}{name.upper()}`", _code(_shown(field.default)), field.description or "")
        for name, field in Settings.model_fields.items()
    )
    return _page(
        "Settings",
        "Set them in the environment or in a file `.env`. "
        "Background and examples: [Configuration](../configuration.md).",
        _table(("variable", "default", "meaning"), rows),
    )


def commands() -> str:
    """Every command with its arguments and options."""
    command = typer.main.get_command(command_line)
    written = get_docs_for_click(obj=command, ctx=typer.Context(command, info_name="keytrail"), name="keytrail")
    return written.replace("# `keytrail`", "# Command line", 1)


def http_api() -> str:
    """Every operation of the JSON API, from the server's own OpenAPI description."""
    with TemporaryDirectory() as folder:
        configured = Settings(_env_file=None, data_dir=Path(folder))
        database = Database(configured.database)
        migrate(database.engine)
        database.close()
        description: dict[str, Any] = create_app(configured).openapi()
    sections = [
        _operation(method, path, operation)
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    ]
    return _page(
        "HTTP API",
        "A running server gives the machine-readable description, with every schema, at `/api/v1/openapi.json`. "
        "Requests to `/api/v1` carry a token: `Authorization: Bearer TOKEN`. Make one on the Account page, or with "
        "`keytrail token create`.",
        *sections,
    )


def rules() -> str:
    """Every rule of the analysis, and every threshold."""
    known = ((f"`{rule.id}`", rule.title, str(rule.family), rule.false_alarm) for rule in RULES)
    of_one_log = {rule.id for rule in RULES}
    others = (
        (f"`{rule.id}`", rule.title, str(rule.family), rule.false_alarm)
        for rule in ALL_RULES.values()
        if rule.id not in of_one_log
    )
    return _page(
        "Rules and thresholds",
        "What each rule means and where its thresholds come from: [Findings](../findings.md).",
        "## Rules that judge one log\n",
        _table(("rule", "finding", "family", "honest writers"), known),
        "## Findings that need more than one log\n",
        _table(("rule", "finding", "family", "honest writers"), others),
        "## Thresholds\n",
        "Each can be set for a study, under `rules` in its file. Lengths are UTF-16 units, times milliseconds.\n",
        _table(("threshold", "default", "meaning"), _thresholds()),
    )


def wire_format() -> str:
    """Every event of the wire format with its fields."""
    definitions = wire_schema()["$defs"]
    sections = [_event(name, shape) for name, shape in definitions.items() if name != "Event"]
    return _page(
        "Wire format",
        "An event is a JSON array: milliseconds since the event before it, the type, then the fields in this order. "
        "How batches are sent, and the JSON Schema: [Wire format 1](../wire-format.md).",
        *sections,
    )


def export_columns() -> str:
    """Every column of every exported table."""
    sections = []
    for table in TABLES:
        rows = ((f"`{column.name}`", str(column.kind), column.meaning) for column in table.columns)
        sections += [f"## {table.name}\n\n{table.meaning}\n", _table(("column", "type", "meaning"), rows)]
    return _page("Export columns", "Every export in a ZIP archive holds this list as its codebook.", *sections)


def glossary() -> str:
    """Every word of the dashboard with its meaning."""
    rows = ((term.word, term.meaning) for term in sorted(GLOSSARY.values(), key=lambda term: term.word.lower()))
    return _page("Glossary", "The words of the dashboard.", _table(("word", "meaning"), rows))


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "glossary": glossary,
    "settings": settings,
    "command-line": commands,
    "http-api": http_api,
    "rules": rules,
    "wire-format": wire_format,
    "export-columns": export_columns,
}
"""The page's text by its file name."""


def _page(title: str, opening: str, *parts: str) -> str:
    return "\n".join([f"# {title}\n", f"{opening}\n", *parts])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join([*lines, ""])


def _cell(value: str) -> str:
    return " ".join(value.replace("|", "\\|").split())


def _code(value: str) -> str:
    return f"`{value}`" if value else "none"


def _shown(value: object) -> str:
    if value is None or isinstance(value, SecretStr):
        return ""
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> str:
    about = str(operation.get("description") or operation.get("summary", ""))
    parameters = operation.get("parameters", ())
    rows = [
        (f"`{each['name']}`", each["in"], "yes" if each.get("required") else "no", each.get("description", ""))
        for each in parameters
    ]
    table = _table(("parameter", "in", "required", "meaning"), rows) if rows else ""
    return f"## `{method.upper()} {path}`\n\n{about}\n\n{table}"


def _thresholds() -> Iterable[tuple[str, str, str]]:
    """Name, default and meaning."""
    defaults = Limits()
    return ((f"`{name}`", f"`{getattr(defaults, name)}`", meaning) for name, meaning in limit_meanings())


def _event(name: str, shape: Mapping[str, Any]) -> str:
    fields = list(enumerate(shape["prefixItems"]))[2:]  # after time and type, which every event has
    rows = [(str(at), f"`{item['title']}`", _bounds(item)) for at, item in fields]
    table = _table(("position", "field", "values"), rows) if rows else ""
    return f"## {name}\n\n{shape['description']}\n\n{table}"


def _bounds(item: Mapping[str, Any]) -> str:
    if "properties" in item:
        return "object: " + "; ".join(f"`{key}` {_bounds(value)}" for key, value in item["properties"].items())
    bounds = {key: value for key, value in item.items() if key not in {"title", "description"}}
    return ", ".join(f"{key} {value}" if key != "type" else str(value) for key, value in bounds.items())

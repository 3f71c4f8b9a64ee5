"""The form's fields for the limits of the analysis: one a limit, empty for its default."""

import ast
import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final

from keytrail.provenance import Limits, Severity

_PREFIX: Final = "limit_"
_SOURCE_MARK: Final = re.compile(r"\s?\[[DL]\]")
# Each group begins with this limit, in the order of the source.
_GROUPS: Final[Mapping[str, str]] = {
    "key_window_ms": "Matching text with keys and sources",
    "external_high_share": "Text that was not typed",
    "mechanics_tick_ms": "Keys and rhythm",
    "linear_words": "Copying out and reading",
    "unexplained_share": "Logs and clocks",
}
_UNITS: Final[Mapping[str, str]] = {
    "ms": "milliseconds",
    "share": "share from 0 to 1",
    "units": "characters",
    "wpm": "words per minute",
}
_WORDS: Final = "automation_severity"


@dataclass(frozen=True)
class LimitField:
    """`choices` are the words that it may be instead of a number, `label` names it in plain words, with its unit."""

    name: str
    label: str
    default: str
    meaning: str
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class LimitGroup:
    """Limits that belong together."""

    title: str
    fields: Sequence[LimitField]


def limit_meanings() -> Iterable[tuple[str, str]]:
    """Every limit with the text that follows it in the source; a text may explain the limits above it too."""
    (definition,) = ast.parse(inspect.getsource(Limits)).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101  # what the source of a class is
    waiting: list[str] = []
    for node in definition.body[1:]:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            waiting.append(node.target.id)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield from ((name, " ".join(str(node.value.value).split())) for name in waiting)
            waiting = []
        else:
            break
    yield from ((name, "") for name in waiting)


@cache
def limit_groups() -> Sequence[LimitGroup]:
    """Return the form's fields for the analysis limits, by group."""
    defaults = Limits()
    found: dict[str, list[LimitField]] = {}
    title = ""
    for name, meaning in limit_meanings():
        title = _GROUPS.get(name, title)
        shown = _written(getattr(defaults, name))
        choices = tuple(map(str, Severity)) if name == _WORDS else ()
        field = LimitField(_PREFIX + name, _label(name), shown, _SOURCE_MARK.sub("", meaning), choices)
        found.setdefault(title, []).append(field)
    return [LimitGroup(title, of_group) for title, of_group in found.items()]


def limit_names() -> tuple[str, ...]:
    """The names of all fields."""
    return tuple(_PREFIX + field.name for field in fields(Limits))


def limit_values(rules: Mapping[str, Any]) -> dict[str, str]:
    """A study's own limits as the fields show them; those of a default are empty."""
    return {_PREFIX + field.name: _written(rules[field.name]) for field in fields(Limits) if field.name in rules}


def raw_limits(values: Mapping[str, str]) -> tuple[dict[str, float | str], dict[str, str]]:
    """What a definition is made from, and the problems by field."""
    found: dict[str, float | str] = {}
    problems: dict[str, str] = {}
    for field in fields(Limits):
        written = values[_PREFIX + field.name].strip()
        if not written:
            continue
        try:
            value = written if field.name == _WORDS else float(written.replace(",", "."))
            Limits(**{field.name: value})  # type: ignore[arg-type]  # it checks its values itself
            found[field.name] = value
        except (ValueError, OverflowError):
            whole = isinstance(field.default, int)
            cure = "a whole number from 0 on" if whole else "a number from 0 on, for example 0.5"
            problems[_PREFIX + field.name] = f"Enter {cure}, or leave the field empty for the default."
    return found, problems


def _label(name: str) -> str:
    words, _, last = name.rpartition("_")
    unit = _UNITS.get(last)
    label = (words if unit and words else name).replace("_", " ").capitalize()
    return f"{label} ({unit})" if unit else label


def _written(value: float | str) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

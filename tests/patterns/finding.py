"""Find every regular expression of the code base, and how it is used, by importing and reading all modules."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import keytrail

_FLAGS_AT = dict.fromkeys(("match", "fullmatch", "search", "findall", "finditer"), 2) | {
    "compile": 1,
    "split": 3,
    "sub": 4,
    "subn": 4,
}
"""The functions of `re` that take a pattern first, with the place of their flags."""
_METHODS = _FLAGS_AT.keys() - {"compile"}


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and whether it is only ever tried at one place of a text."""

    where: str
    pattern: "re.Pattern[Any]"
    anchored: bool


def all_patterns() -> list[Used]:
    """Patterns that modules hold, alone or in tables, and those that are written where they are used."""
    found: list[Used] = []
    for info in pkgutil.walk_packages(keytrail.__path__, "keytrail."):
        if info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        tree = ast.parse(source)
        for name, value in vars(module).items():
            methods = _methods_of(name, tree)
            found += [
                Used(f"{info.name}.{name}", pattern, bool(methods) and methods <= {"match", "fullmatch"})
                for pattern in _within(value)
            ]
        found += in_place(module, source)
    return list({(used.pattern, used.anchored): used for used in found}.values())


def _within(value: Any, depth: int = 3) -> Iterator["re.Pattern[Any]"]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        yield from _within(tuple(value.values()), depth)
    elif depth and isinstance(value, tuple | list | frozenset | set):
        for part in value:
            yield from _within(part, depth - 1)


def _methods_of(name: str, tree: ast.AST) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    } & _METHODS


def in_place(module: ModuleType, source: str) -> Iterator[Used]:
    """`re.sub("…", …)` and its like, also with a pattern that has a name in the module, with their flags."""
    # What a module holds is found there, with the methods by which it is used.
    held = {pattern for value in vars(module).values() for pattern in _within(value)}
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        called, first = node.func, node.args[0]
        if not (isinstance(called.value, ast.Name) and called.value.id == "re" and called.attr in _FLAGS_AT):
            continue
        given = _value_of(first, module)
        if isinstance(given, str | bytes | re.Pattern):
            where = f"{module.__name__}:{node.lineno}"
            pattern = given if isinstance(given, re.Pattern) else re.compile(given, _flags_of(node, module))
            if called.attr != "compile" or pattern not in held:
                yield Used(where, pattern, called.attr in {"match", "fullmatch"})


def _flags_of(call: ast.Call, module: ModuleType) -> int:
    """The flags of a call of `re`, by name or by place."""
    assert isinstance(call.func, ast.Attribute)
    place = _FLAGS_AT[call.func.attr]
    given = [keyword.value for keyword in call.keywords if keyword.arg == "flags"] + call.args[place : place + 1]
    return int(_value_of(given[0], module)) if given else 0


def _value_of(node: ast.expr, module: ModuleType) -> Any:
    """What an expression of names of a module is; None where it takes a local name."""
    try:
        return eval(compile(ast.Expression(node), module.__name__, "eval"), vars(module))
    except NameError:
        return None

"""Find every regular expression of the code base, and how it is used, by importing and reading all modules."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keytrail

_METHODS = {"match", "fullmatch", "search", "findall", "finditer", "split", "sub", "subn"}


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
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for name, value in vars(module).items():
            methods = _methods_of(name, tree)
            found += [
                Used(f"{info.name}.{name}", pattern, bool(methods) and methods <= {"match", "fullmatch"})
                for pattern in _within(value)
            ]
        found += _written_in_place(info.name, tree)
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


def _written_in_place(module: str, tree: ast.AST) -> Iterator[Used]:
    """`re.sub("…", …)` and its like."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        called, first = node.func, node.args[0]
        ours = isinstance(called.value, ast.Name) and called.value.id == "re" and called.attr in _METHODS
        if ours and isinstance(first, ast.Constant):
            where = f"{module}:{node.lineno}"
            yield Used(where, re.compile(first.value), called.attr in {"match", "fullmatch"})

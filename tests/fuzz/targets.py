"""The targets of fuzzing: every route of the application, with its parameters and acceptable values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import iter_route_contexts

from tests.fuzz.forms import Form


@dataclass
class Target:
    """One method of one route. Values in `query` and `form` are what a page would send."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def parameters(self) -> list[str]:
        """Names of the path's parameters."""
        return re.findall(r"{(\w+)", self.path)

    def matches(self, path: str) -> bool:
        """Whether a form that goes to this path comes here."""
        pattern = re.sub(r"{\w+(:path)?}", "[^/]+", self.path)
        return re.fullmatch(pattern, path) is not None


def targets(app: FastAPI, forms: list[Form], known: dict[str, str]) -> Iterator[Target]:
    """Every method of every route. Fields come from the routes' signatures, and from the forms that lead to them.

    A field without a value on a page has the known one of its name, or 1.
    """
    for found in iter_route_contexts(app.routes):
        if not found.path:
            continue
        for method in sorted(found.methods or ()):
            if method not in {"HEAD", "OPTIONS"}:
                target = Target(method, found.path)
                dependant = getattr(found, "dependant", None) or getattr(found.original_route, "dependant", None)
                if dependant is not None:
                    _declared(target, dependant)
                _from_forms(target, forms)
                target.form = {name: value or known.get(name, "1") for name, value in target.form.items()}
                yield target


def _declared(target: Target, dependant: Dependant) -> None:
    for parameter in get_flat_params(dependant):
        if isinstance(parameter.field_info, Query):
            target.query.setdefault(parameter.alias, "")
    for each in _all(dependant):
        for parameter in each.body_params:
            if type(parameter.field_info).__name__ == "File":
                target.files += (parameter.alias,)
            else:
                target.form.setdefault(parameter.alias, "")


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from _all(inner)


def _from_forms(target: Target, forms: list[Form]) -> None:
    fields = target.query if target.method == "GET" else target.form
    for form in forms:
        if form.method == target.method and target.matches(form.path):
            for name, value in form.fields.items():
                fields[name] = fields.get(name) or value

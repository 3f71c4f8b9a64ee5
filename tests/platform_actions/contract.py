"""Checking a request against what is known of an API: its paths, queries and bodies, and nothing else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError


class Strict(BaseModel):
    """A body with exactly these members, of exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked for; `query` names what may be asked beside the path."""

    method: str
    path: str
    body: type[BaseModel] | None = None
    query: frozenset[str] = frozenset()


def violation(operations: Sequence[Operation], method: str, path: str, query: Mapping[str, str], body: Any) -> str:
    """What about a request no operation allows; empty if all is as it should be. `body` is None without one.

    Of operations whose paths fit, the first counts: those without an id come before those with one.
    """
    operation = next((one for one in operations if one.method == method and _fits(one.path, path)), None)
    if operation is None:
        return f"{method} {path} is not in the contract"
    unknown = sorted(query.keys() - operation.query)
    if unknown:
        return f"{method} {path} has no parameter {', '.join(unknown)}"
    if operation.body is None:
        return "" if body is None else f"{method} {path} takes no body"
    try:
        TypeAdapter(operation.body).validate_python(body)
    except ValidationError as error:
        return f"{method} {path}: {error}"
    return ""


def _fits(template: str, path: str) -> bool:
    return re.fullmatch(template.replace("{id}", r"[A-Za-z0-9-]+"), path) is not None

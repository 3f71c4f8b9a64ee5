"""The contract of the API: validate requests and responses against MTurk's service model, as botocore has it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session
from botocore.model import OperationModel, Shape
from botocore.validate import ParamValidator

from keytrail.sandbox.api.refusal import Refusal
from keytrail.sandbox.market.faults import invalid

_NOT_HELD_TO_PATTERN = {"QuestionId"}
"""The model requires capitals here, but a question's id is whatever the requester's form calls its field."""
_TARGET = re.compile(r"MTurkRequesterServiceV20170117\.(?P<name>[A-Za-z]+)")


class Contract:
    """The service model; loading it takes a moment, so there is one per application."""

    def __init__(self) -> None:
        self._model = botocore.session.get_session().get_service_model("mturk")
        self._validator = ParamValidator()

    def operation(self, target: str | None) -> OperationModel:
        """Return the operation that an X-Amz-Target header names. Raises Refusal."""
        match = _TARGET.fullmatch(target or "")
        if match is None or match["name"] not in self._model.operation_names:
            raise Refusal(
                "UnknownOperationException", f"There is no operation {target!r} at this endpoint.", status=404
            )
        return self._model.operation_model(match["name"])

    def checked_input(self, operation: OperationModel, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters that the model knows; null means not given, and unknown members are ignored as by AWS.

        Raises ParameterValidationError with every violation.
        """
        parameters: dict[str, Any] = _known(sent, operation.input_shape)
        problems = self._problems(parameters, operation.input_shape)
        if problems:
            raise invalid(" ".join(problems))
        return parameters

    def require_output(self, operation: OperationModel, answer: Mapping[str, Any]) -> None:
        """Raises AssertionError for a response that MTurk could not give, which is a bug of ours."""
        problems = self._problems(answer, operation.output_shape)
        if problems:
            raise AssertionError(f"{operation.name} answered outside the service model: {problems}")

    def _problems(self, value: Mapping[str, Any], shape: Shape) -> list[str]:
        report = self._validator.validate(value, shape)
        if report.has_errors():
            return [f"{line}." for line in report.generate_report().splitlines()]
        return list(_violations(value, shape, "input"))


def _known(value: Any, shape: Shape) -> Any:
    """Return the value without unknown members; a value of another type stays, to be refused."""
    if shape.type_name == "structure" and isinstance(value, dict):
        members = shape.members
        return {
            name: _known(inner, members[name]) for name, inner in value.items() if name in members and inner is not None
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [_known(inner, shape.member) for inner in value]
    return value


def _violations(value: Any, shape: Shape, name: str) -> Iterator[str]:
    """Yield violations of constraints that botocore leaves to the service: enumerations, patterns, upper limits."""
    if shape.type_name == "structure":
        for member, inner in value.items():
            if member not in _NOT_HELD_TO_PATTERN:
                yield from _violations(inner, shape.members[member], member)
    elif shape.type_name == "list":
        for inner in value:
            yield from _violations(inner, shape.member, name)
    elif shape.type_name in {"integer", "long"}:
        most = shape.metadata.get("max")
        if isinstance(value, bool) or (most is not None and value > most):
            yield f"Value '{value}' at '{name}' must be a number of at most {most}."
    elif shape.type_name == "string":
        yield from _string_violations(value, shape, name)


def _string_violations(value: str, shape: Shape, name: str) -> Iterator[str]:
    options, pattern, most = getattr(shape, "enum", None), shape.metadata.get("pattern"), shape.metadata.get("max")
    if options and value not in options:
        yield f"Value '{value}' at '{name}' must be one of {', '.join(options)}."
    if pattern and re.fullmatch(pattern, value) is None:
        yield f"Value '{value}' at '{name}' must satisfy the regular expression pattern: {pattern}."
    if most is not None and len(value) > most:
        yield f"Value at '{name}' must have length less than or equal to {most}."

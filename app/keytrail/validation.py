"""Word pydantic's validation errors as instructions: "Enter 0 or more." instead of the library's message."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

_SENTENCES: Final[Mapping[str, str]] = {
    "missing": "Fill in this field.",
    "extra_forbidden": "There is no such field. Correct its name or remove it.",
    "string_type": "Enter a text.",
    "decimal_parsing": "Enter an amount, for example 1.50.",
    "decimal_type": "Enter an amount, for example 1.50.",
    "decimal_max_places": "Enter at most {decimal_places} decimal places.",
    "decimal_max_digits": "Enter an amount of at most {max_digits} digits.",
    "decimal_whole_digits": "Enter an amount of at most {whole_digits} digits before the decimal point.",
    "int_parsing": "Enter a whole number.",
    "int_parsing_size": "Enter a smaller number.",
    "int_type": "Enter a whole number.",
    "int_from_float": "Enter a whole number.",
    "float_parsing": "Enter a number, for example 0.5.",
    "float_type": "Enter a number, for example 0.5.",
    "finite_number": "Enter a number, for example 0.5.",
    "bool_parsing": "Enter true or false.",
    "bool_type": "Enter true or false.",
    "greater_than": "Enter more than {gt}.",
    "greater_than_equal": "Enter {ge} or more.",
    "less_than": "Enter less than {lt}.",
    "less_than_equal": "Enter {le} or less.",
    "literal_error": "Enter one of: {expected}.",
    "list_type": "Enter a list.",
    "dict_type": "Enter names with their values.",
}


def sentence(problem: Mapping[str, Any]) -> str:
    """Return what to do about one entry of `ValidationError.errors()`; our own validators say it themselves."""
    context = problem.get("ctx", {})
    kind = problem["type"]
    if kind in {"string_too_short", "too_short"} and context["min_length"] == 1:
        return _SENTENCES["missing"]
    if kind == "string_too_short":
        return f"Enter at least {context['min_length']} characters."
    if kind == "string_too_long":
        return f"Enter at most {context['max_length']} characters."
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(**context)
    message = str(problem["msg"]).removeprefix("Value error, ").rstrip(".")
    return f"{message[:1].upper()}{message[1:]}."


def named_sentences(error: ValidationError, whole: str) -> list[str]:
    """Return a sentence for each error with the path of its field; `whole` names an error of no single field."""
    return [f"{'.'.join(map(str, one['loc'])) or whole}: {sentence(one)}" for one in error.errors()]

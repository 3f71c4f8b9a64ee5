"""Findings in sentences for the worker, in the study's language. Each rule has its own (`Rule.for_worker`)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from keytrail.language import Language, message
from keytrail.synthetic.rules import RULES

_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s")
_NO_LONGER_KNOWN: Final = message("The program marked something that this version can no longer describe.")
_SECOND_MS: Final = 1_000
_MINUTES_FROM_MS: Final = 120_000
_SHARES: Final = frozenset({"share", "similarity"})


def finding_sentence(finding: Mapping[str, Any], language: Language) -> str:
    """Return the sentence of a stored finding, with its figures. A figure that an older report lacks is a dash."""
    rule = RULES.get(finding["id"])
    if rule is None:
        return language.text(_NO_LONGER_KNOWN)
    figures = finding["evidence"]["figures"]
    names = _PLACEHOLDER.findall(rule.for_worker.msgid)
    return language.text(rule.for_worker.filled(**{name: _figure(name, figures.get(name), language) for name in names}))


def _figure(name: str, value: float | str | None, language: Language) -> str:
    """Format a figure for a language; its name says the unit, as in `Finding.figures`."""
    locale = language.tag.replace("-", "_")
    if value is None or isinstance(value, str):
        return value or "–"  # noqa: RUF001  # a dash
    if name in _SHARES:
        return format_percent(value, locale=locale)
    if not name.endswith("_ms"):
        return format_decimal(value, "#,##0", locale=locale)
    return time_text(value, locale)


def time_text(value: float, locale: str) -> str:
    """Format milliseconds in the largest unit that fits: milliseconds, seconds, and minutes from two on."""
    if value < _SECOND_MS:
        return format_unit(round(value), "duration-millisecond", "long", locale=locale)
    if value < _MINUTES_FROM_MS:
        return format_unit(round(value / _SECOND_MS), "duration-second", "long", locale=locale)
    return format_unit(round(value / (60 * _SECOND_MS)), "duration-minute", "long", locale=locale)

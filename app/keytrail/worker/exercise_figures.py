"""The figures of a worker's copying exercise in the worker's own words, all that are stored."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from babel.numbers import format_decimal, format_percent

from keytrail.language import Language, Message, message
from keytrail.studies.briefing import Term
from keytrail.worker.finding_sentences import time_text

_Format = Callable[[float, str], str]


def _whole(value: float, locale: str) -> str:
    return format_decimal(value, "#,##0", locale=locale)


def _fraction(value: float, locale: str) -> str:
    return format_decimal(value, "0.00", locale=locale)


def _share(value: float, locale: str) -> str:
    return format_percent(value, locale=locale)


FIGURES: Final[Mapping[str, tuple[Message, _Format]]] = {
    "keys": (message("Keys pressed"), _whole),
    "words_per_minute": (message("Words a minute, pauses included"), _whole),
    "interval_median_ms": (message("Usual time from one key to the next"), time_text),
    "interval_log_sd": (message("Variation in these times (0 is perfectly even)"), _fraction),
    "hold_median_ms": (message("Usual time that a key is held"), time_text),
    "pause_share": (message("Share of the time in pauses of more than two seconds"), _share),
    "mean_pause_ms": (message("Mean of the times between keys that are over 200 milliseconds"), time_text),
    "deleted_share": (message("Share of what you typed that you deleted again"), _share),
    "copying_likeness": (message("Similarity to how most people type when they copy"), _share),
}
"""Label and format of each stored measure (sessions/copying_exercise.py)."""


def exercise_terms(measures: Mapping[str, Any], language: Language) -> Iterator[Term]:
    """Yield each figure with its label in a language; figures that could not be measured are left out."""
    locale = language.tag.replace("-", "_")
    for name, (label, formatted) in FIGURES.items():
        value = measures.get(name)
        if value is not None:
            yield Term(language.text(label), formatted(value, locale))

"""Workers' statements on how a text was written. They are shown beside findings and never change a verdict."""

from collections.abc import Mapping
from typing import Final

from keytrail.language import Message, message
from keytrail.models import StatedOrigin

STATED_ORIGINS: Final[Mapping[StatedOrigin, Message]] = {
    StatedOrigin.NOTES: message("My own notes"),
    StatedOrigin.EDITOR: message("My own text from another editor"),
    StatedOrigin.TRANSLATION: message("A translation tool"),
    StatedOrigin.REFERENCE: message("A dictionary or the web"),
    StatedOrigin.LANGUAGE_MODEL: message("A language model"),
    StatedOrigin.OTHER: message("Something else"),
}
"""The origins of text that the worker's page offers."""


def stated_origins(names: list[str]) -> tuple[StatedOrigin, ...]:
    """Return the known origins in a page's message, each once."""
    return tuple(origin for origin in StatedOrigin if origin in names)

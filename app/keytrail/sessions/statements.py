"""What workers say, with their text, of how it was written. It is shown beside findings and never changes a verdict."""

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
"""Where text was taken from, as the worker's page offers it."""


def stated_origins(names: list[str]) -> tuple[StatedOrigin, ...]:
    """The known ones among what a page sent, each once."""
    return tuple(origin for origin in StatedOrigin if origin in names)

"""Languages of the worker's pages: translatable sentences and the catalogues of their translations."""

from keytrail.language.catalogues import ENGLISH, Language, language_named, languages, preferred_language
from keytrail.messages import Message, counted_message, message

__all__ = [
    "ENGLISH",
    "Language",
    "Message",
    "counted_message",
    "language_named",
    "languages",
    "message",
    "preferred_language",
]

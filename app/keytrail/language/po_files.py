"""Read a language's gettext file. What is broken in it costs no page: the language, or the sentence, is left out."""

import logging
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

_log = logging.getLogger("keytrail")

_VALUE: Final = re.compile(r"%\((\w+)\)s")


class BrokenCatalogue(Exception):
    """A file cannot be used as a catalogue; the message says why."""


def read_translations(path: Path) -> GNUTranslations:
    """Return the translations of a `.po` file; a sentence that is not usable stays English, with a line in the log.

    Raises BrokenCatalogue if the file is not a gettext file of its language.
    """
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.stem.replace("-", "_"), abort_invalid=True)
        _drop_unusable(catalogue, path.name)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        return GNUTranslations(compiled)
    # Babel and gettext raise these also for an unknown tag, another encoding and a wrong plural rule.
    except (PoFileError, ValueError, LookupError, OSError) as problem:
        raise BrokenCatalogue(str(problem) or type(problem).__name__) from problem


def _drop_unusable(catalogue: Catalog, name: str) -> None:
    broken = [entry for entry in catalogue if entry.id and any(_forms(entry)) and not _is_usable(entry)]
    for entry in broken:
        catalogue.delete(entry.id)
    if broken:
        first = next(_sentences(broken[0]))
        _log.warning(
            "%s: %d of its translations cannot be used, so pages have the English sentence: plural forms are missing, "
            "or placeholders are not those of the English sentence. The first: %s",
            name,
            len(broken),
            first,
        )


def _is_usable(entry: Message) -> bool:
    """Whether each plural form is there, with the placeholders of the English sentence and no other percent sign."""
    wanted = {value for sentence in _sentences(entry) for value in _VALUE.findall(sentence)}
    return all(
        form and set(_VALUE.findall(form)) == wanted and (not wanted or "%" not in _VALUE.sub("", form))
        for form in _forms(entry)
    )


def _sentences(entry: Message) -> Iterator[str]:
    yield from entry.id if isinstance(entry.id, (list, tuple)) else (str(entry.id),)


def _forms(entry: Message) -> tuple[str, ...]:
    return tuple(entry.string) if isinstance(entry.string, (list, tuple)) else (entry.string or "",)

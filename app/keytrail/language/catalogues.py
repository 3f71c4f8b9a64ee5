"""Catalogues of translations: one gettext file per language, `locales/TAG.po`. English is in the code."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.numbers import format_decimal

from keytrail.language.po_files import BrokenCatalogue, read_translations
from keytrail.messages import Message
from keytrail.resources import LOCALES

_log = logging.getLogger("keytrail")

_NUMBERS_TRIED = (*range(201), 1_000_000)
"""These include a number of every plural category of whole numbers (Unicode CLDR)."""


@dataclass(frozen=True)
class Language:
    """A language of workers' pages. `tag` is its BCP 47 name, `name` its name in the language itself."""

    tag: str
    name: str
    direction: str
    translations: NullTranslations = field(repr=False, compare=False)

    def text(self, sentence: str) -> str:
        """Return a message in this language; any other text is returned unchanged."""
        if not isinstance(sentence, Message):
            return sentence
        values = {
            name: self.text(value) if isinstance(value, str) else value for name, value in sentence.values.items()
        }
        if sentence.plural is None:
            found = self.translations.gettext(sentence.msgid)
        else:
            found = self.translations.ngettext(sentence.msgid, sentence.plural, sentence.number)
        return found % values if values else found

    def forms(self, singular: str, plural: str) -> Mapping[str, str]:
        """Return a sentence by plural category (`one`, `few`, `other` ...), for scripts that count."""
        numbers = {self._locale.plural_form(number): number for number in reversed(_NUMBERS_TRIED)}
        forms = {name: self.translations.ngettext(singular, plural, number) for name, number in numbers.items()}
        return {"other": self.translations.ngettext(singular, plural, _NUMBERS_TRIED[-1])} | forms

    def amount(self, cents: int, currency: str) -> str:
        """Format an amount for this language, with the currency's code: `1.20 USD`, `1,20 USD`."""
        return f"{format_decimal(cents / 100, '#,##0.00', locale=self._locale)} {currency}"

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.tag, sep="-")


ENGLISH: Final = Language("en", "English", "ltr", NullTranslations())


@lru_cache(1)
def languages() -> Sequence[Language]:
    """Return English and every language with a usable catalogue, by tag."""
    return (ENGLISH, *(language for path in sorted(LOCALES.glob("*.po")) for language in _read(path)))


def language_named(tag: str) -> Language:
    """Return the language of a tag; English for an unknown one."""
    return next((language for language in languages() if language.tag == tag), ENGLISH)


def preferred_language(accepted: str) -> Language:
    """Return the available language that an `Accept-Language` header prefers, or English."""
    wanted = [part.partition(";")[0].strip() for part in accepted[:500].split(",")]
    known = {language.tag.lower(): language.tag for language in languages()} | {"zh": "zh-Hans", "zh-cn": "zh-Hans"}
    found = negotiate_locale(wanted, list(known), sep="-", aliases={}) or ""
    return language_named(known.get(found.lower(), "en"))


def _read(path: Path) -> Iterator[Language]:
    """Yield the language of a catalogue; nothing, with a line in the log, if the file is broken."""
    try:
        translations = read_translations(path)
        locale = Locale.parse(path.stem, sep="-")
    except (BrokenCatalogue, UnknownLocaleError, ValueError) as problem:
        _log.error("The language of %s is left out: %s", path.name, problem)
    else:
        yield Language(path.stem, str(locale.get_display_name(locale)), locale.text_direction, translations)

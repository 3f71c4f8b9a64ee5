"""Catalogues of translations: one gettext file a language, `locales/TAG.po`. English is in the code itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import Final

from babel import Locale, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from keytrail.language.messages import Message
from keytrail.resources import LOCALES

_NUMBERS_TRIED = (*range(201), 1_000_000)
"""Among these is one of every plural category that whole numbers have (Unicode CLDR)."""


@dataclass(frozen=True)
class Language:
    """A language that workers' pages can be in. `tag` is its BCP 47 name, `name` what its speakers call it."""

    tag: str
    name: str
    direction: str
    translations: NullTranslations = field(repr=False, compare=False)

    def text(self, said: str) -> str:
        """A message in this language; any other text as it is."""
        if not isinstance(said, Message):
            return said
        values = {name: self.text(value) if isinstance(value, str) else value for name, value in said.values.items()}
        if said.plural is None:
            found = self.translations.gettext(said.msgid)
        else:
            found = self.translations.ngettext(said.msgid, said.plural, said.number)
        return found % values if values else found

    def forms(self, singular: str, plural: str) -> Mapping[str, str]:
        """A sentence by plural category (`one`, `few`, `other` ...), for a script that does the counting."""
        numbers = {self._locale.plural_form(number): number for number in reversed(_NUMBERS_TRIED)}
        forms = {name: self.translations.ngettext(singular, plural, number) for name, number in numbers.items()}
        return {"other": self.translations.ngettext(singular, plural, _NUMBERS_TRIED[-1])} | forms

    def amount(self, cents: int, currency: str) -> str:
        """An amount as this language writes it, with the currency's code: `1.20 USD`, `1,20 USD`."""
        return f"{format_decimal(cents / 100, '#,##0.00', locale=self._locale)} {currency}"

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.tag, sep="-")


ENGLISH: Final = Language("en", "English", "ltr", NullTranslations())


@lru_cache(1)
def languages() -> Sequence[Language]:
    """English, and every language that there is a catalogue of, by tag."""
    return (ENGLISH, *(_read(path.stem) for path in sorted(LOCALES.glob("*.po"))))


def language_named(tag: str) -> Language:
    """The language of this tag; English for one that is not known here."""
    return next((language for language in languages() if language.tag == tag), ENGLISH)


def preferred_language(accepted: str) -> Language:
    """What an `Accept-Language` header asks for first among the languages that are here, or else English."""
    wanted = [part.partition(";")[0].strip() for part in accepted[:500].split(",")]
    known = {language.tag.lower(): language.tag for language in languages()} | {"zh": "zh-Hans", "zh-cn": "zh-Hans"}
    found = negotiate_locale(wanted, list(known), sep="-", aliases={}) or ""
    return language_named(known.get(found.lower(), "en"))


def _read(tag: str) -> Language:
    with (LOCALES / f"{tag}.po").open("rb") as file:
        catalogue = read_po(file, locale=tag.replace("-", "_"), abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    locale = Locale.parse(tag, sep="-")
    return Language(tag, str(locale.get_display_name(locale)), locale.text_direction, GNUTranslations(compiled))

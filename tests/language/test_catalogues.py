"""Every catalogue has every message, no others, each plural form, and each value in its place."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from pydantic import ValidationError

from keytrail.language import ENGLISH, language_named, languages
from keytrail.language.catalogues import preferred_language
from keytrail.messages import counted_message, message
from keytrail.resources import LOCALES
from keytrail.studies import StudyDefinition
from keytrail.validation import named_sentences

ROOT = Path(__file__).parents[2]
TAGS = sorted(path.stem for path in LOCALES.glob("*.po"))
VALUE = re.compile(r"%\((\w+)\)s")


def read(path: Path, locale: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def forms_of(entry: Message) -> tuple[str, ...]:
    return tuple(entry.string) if isinstance(entry.string, (list, tuple)) else (entry.string or "",)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Mapping[object, Message]:
    """The messages of the code, as `make messages` finds them."""
    found = tmp_path_factory.mktemp("messages") / "messages.pot"
    makefile = (ROOT / "Makefile").read_text()
    options = re.search(r"\$\(MESSAGES\) -q extract (.*) -o \S+ \.", makefile)
    assert options
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", *options[1].split(), "-o", str(found)]
    subprocess.run([*command, "."], cwd=ROOT, check=True, timeout=60)
    return {entry.id: entry for entry in read(found) if entry.id}


def test_every_catalogue_is_a_language_with_its_direction() -> None:
    found = {language.tag: language.direction for language in languages()}
    assert set(found) == {"en", *TAGS}
    assert (found["en"], found["de"], found["ar"]) == ("ltr", "ltr", "rtl")


@pytest.mark.parametrize("tag", TAGS)
def test_a_catalogue_is_complete(tag: str, wanted: Mapping[object, Message]) -> None:
    catalogue = read(LOCALES / f"{tag}.po", tag.replace("-", "_"))
    here = {entry.id: entry for entry in catalogue if entry.id}
    assert not wanted.keys() - here.keys(), "missing: run `make messages`, then translate"
    assert not here.keys() - wanted.keys(), "no longer used: run `make messages`"
    assert not catalogue.obsolete
    for key, entry in here.items():
        forms = forms_of(entry)
        assert all(forms), f"not translated: {key}"
        assert not entry.fuzzy, f"not certain: {key}"
        assert len(forms) == (catalogue.num_plurals if isinstance(key, tuple) else 1), f"plural forms: {key}"
        values = set(VALUE.findall(key[0] if isinstance(key, tuple) else str(key)))
        assert all(set(VALUE.findall(form)) == values for form in forms), f"values: {key}"
        assert all("%" not in VALUE.sub("", form) for form in forms), f"a percent sign: {key}"


@pytest.mark.parametrize(
    ("tag", "plural_forms"),
    [
        ("ar", ["0 كلمة", "كلمة واحدة (1)", "كلمتان (2)", "3 كلمات", "11 كلمة"]),
        ("pl", ["0 słów", "1 słowo", "2 słowa", "3 słowa", "11 słów"]),
        ("fr", ["0 mot", "1 mot", "2 mots", "3 mots", "11 mots"]),
        ("zh-Hans", ["0 个词", "1 个词", "2 个词", "3 个词", "11 个词"]),
    ],
)
def test_plurals_follow_the_language(tag: str, plural_forms: list[str]) -> None:
    counted = [counted_message("%(count)s word", "%(count)s words", number) for number in (0, 1, 2, 3, 11)]
    assert [language_named(tag).text(one) for one in counted] == plural_forms


UNKNOWN = ["tlh", "../de", "DE", "de_DE", "de-AT", "zh-hans", "", " ", "de\0", "en\n", "de.po", "日本", "x" * 10_000]


@pytest.mark.parametrize("tag", UNKNOWN, ids=lambda tag: ascii(tag[:20]))
def test_an_unknown_tag_is_english_and_no_study_can_have_it(tag: str) -> None:
    assert language_named(tag) is ENGLISH
    with pytest.raises(ValidationError) as refused:
        StudyDefinition.model_validate({"title": "Shade", "instructions": "Write.", "language": tag})
    (sentence,) = named_sentences(refused.value, "file")
    assert sentence.startswith("language: ")
    assert len(sentence) < 200
    assert sentence.isprintable()


def test_an_unknown_message_stays() -> None:
    assert language_named("de").text(message("Never said %(name)s.", name="so")) == "Never said so."


def test_a_browser_gets_the_first_language_that_is_here() -> None:
    assert preferred_language("tlh, ar;q=0.8, en").tag == "ar"
    assert preferred_language("zh-CN,zh").tag == "zh-Hans"
    assert preferred_language("DE").tag == "de"
    assert preferred_language("pt-BR,en;q=0.5").tag == "pt"


@pytest.mark.parametrize(
    "header", ["", ",,;;q=,", "*", "-", "\0", "de\0", "../de", "日本", "x" * 10_000, "," * 10_000], ids=range(10)
)
def test_a_header_that_names_none_gets_english(header: str) -> None:
    assert preferred_language(header) is ENGLISH


def test_a_study_gets_its_standard_consent_in_its_language_and_refuses_an_unknown_one() -> None:
    study = {"title": "Shade", "instructions": "Write."}
    assert StudyDefinition.model_validate(study | {"language": "de"}).consent.startswith("Während Sie schreiben")
    with pytest.raises(ValidationError, match="no translation into 'xx'; there are en, ar, de"):
        StudyDefinition.model_validate(study | {"language": "xx"})

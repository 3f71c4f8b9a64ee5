"""Catalogues as translators may send them: what is broken in one costs neither a page nor another language."""

from pathlib import Path

import pytest

from keytrail.language import ENGLISH, language_named, languages
from keytrail.messages import counted_message, message
from keytrail.studies import StudyDefinition

HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Length"
msgstr "Längd"

"""
WORDS = ("%(count)s word", "%(count)s words")


def plural(*forms: str) -> str:
    lines = [f'msgid "{WORDS[0]}"', f'msgid_plural "{WORDS[1]}"']
    return "\n".join([*lines, *(f'msgstr[{number}] "{form}"' for number, form in enumerate(forms))])


def write(folder: Path, entry: str, tag: str = "sv", head: str = HEAD) -> None:
    (folder / f"{tag}.po").write_text(f"{head}{entry}\n", "utf-8")


def sentence(count: int) -> str:
    return language_named("sv").text(counted_message(*WORDS, count))


def test_a_language_is_added_by_one_file(catalogues: Path) -> None:
    write(catalogues, plural("%(count)s ord", "%(count)s orden"))
    assert [(one.tag, one.name, one.direction) for one in languages()] == [
        ("en", "English", "ltr"),
        ("sv", "svenska", "ltr"),
    ]
    assert (sentence(1), sentence(2)) == ("1 ord", "2 orden")
    study = StudyDefinition(title="Shade", instructions="Write.", language="sv")
    assert study.language == "sv"


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (plural("%(count)s ord", "%(count)s ord", "%(count)s ordet"), "more translations than num_plurals"),
        ('msgid "Reward"\nErsättning', ""),
        ("Dear maintainers, here is my translation.", ""),
    ],
)
def test_a_broken_file_is_left_out_with_a_line_in_the_log(
    catalogues: Path, entry: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    write(catalogues, entry)
    write(catalogues, "", tag="da")
    assert [one.tag for one in languages()] == ["en", "da"]
    assert language_named("sv") is ENGLISH
    (line,) = caplog.messages
    assert line.startswith("The language of sv.po is left out: ")
    assert why in line


@pytest.mark.parametrize("name", ["tlhh.po", "my notes.po", "sv_.po"])
def test_a_file_named_after_no_language_is_left_out(
    catalogues: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    write(catalogues, "", tag=name.removesuffix(".po"))
    assert [one.tag for one in languages()] == ["en"]
    assert f"The language of {name} is left out" in caplog.text


def test_a_wrong_plural_rule_or_encoding_leaves_the_language_out(
    catalogues: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(catalogues, plural("%(count)s ord", "%(count)s orden"), head=HEAD.replace("(n != 1)", "__import__('os')"))
    (catalogues / "da.po").write_bytes(HEAD.encode("utf-16"))
    (catalogues / "nb.po").mkdir()
    assert [one.tag for one in languages()] == ["en"]
    assert len(caplog.messages) == 3


@pytest.mark.parametrize(
    "forms", [("%(count)s ord",), ("", "%(count)s orden"), ("%(count)s ord", "%(amount)s orden"), ("ett", "många")]
)
def test_a_count_with_a_missing_form_or_another_placeholder_is_in_english(
    catalogues: Path, forms: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    write(catalogues, plural(*forms))
    assert (sentence(1), sentence(2)) == ("1 word", "2 words")
    assert language_named("sv").forms(*WORDS) == {"one": WORDS[0], "other": WORDS[1]}
    assert language_named("sv").text(message("Length")) == "Längd"
    (line,) = caplog.messages
    assert line.startswith("sv.po: 1 of its translations cannot be used")
    assert WORDS[0] in line


@pytest.mark.parametrize("translated", ["Inom %(tid)s", "Inom %(time)s %(tid)s", "Inom 5 % %(time)s", "Inom %(time)d"])
def test_a_foreign_placeholder_falls_back_to_the_english_sentence(catalogues: Path, translated: str) -> None:
    write(catalogues, f'msgid "Within %(time)s"\nmsgstr "{translated}"')
    assert language_named("sv").text(message("Within %(time)s", time="a day")) == "Within a day"
    assert language_named("sv").text(message("Length")) == "Längd"


def test_a_placeholder_in_a_sentence_without_values_falls_back_too(catalogues: Path) -> None:
    write(catalogues, 'msgid "Reward"\nmsgstr "Ersättning %(reward)s"')
    assert language_named("sv").text(message("Reward")) == "Reward"


def test_what_is_not_translated_yet_is_in_english_without_a_line_in_the_log(
    catalogues: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(catalogues, f'msgid "Reward"\nmsgstr ""\n\n{plural("", "")}')
    assert (sentence(1), language_named("sv").text(message("Reward"))) == ("1 word", "Reward")
    assert caplog.messages == []

"""What workers read of a finding: one sentence for each rule, in each language, with its figures."""

import inspect
import re
import sys
from typing import Any

import pytest

from keytrail.language import ENGLISH, language_named, languages
from keytrail.provenance.rules.rule import CoreRule, Rule
from keytrail.synthetic.rules import RULES
from keytrail.worker.finding_sentences import finding_sentence

FIGURES = {
    **dict.fromkeys(("units", "keys", "pairs", "words", "signs", "capitals", "places"), 1234),
    "length": 5678,
    "words_per_minute": 412.3,
    "version": "9.9",
    "similarity": 0.81,
    "away_ms": 95_000,
    "ahead_ms": 600_000,
    "median_hold_ms": 8.5,
    "first_ms": 3_000,
}
SHOWN = {"units": "234", "length": "678", "similarity": "81", "words_per_minute": "412", "away_ms": "95"}
"""What is to be seen of a figure, however its language groups the digits."""
OTHERS = [language.tag for language in languages() if language is not ENGLISH]
WORDS = re.compile(r"[A-Za-z]+")


def found(rule: str, figures: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"id": rule, "evidence": {"figures": FIGURES if figures is None else figures}}


def figures_of(rule: Rule) -> list[str]:
    return re.findall(r"%\((\w+)\)s", rule.for_worker.msgid)


def defines(module: str, rule: Rule) -> bool:
    """Whether a module makes this rule, which others import."""
    return f'= Rule(\n    id="{rule.id}"' in inspect.getsource(sys.modules[module])


def trios(text: str) -> set[tuple[str, ...]]:
    words = WORDS.findall(text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


@pytest.mark.parametrize("rule", RULES)
def test_a_sentence_has_only_figures_that_its_rule_stores(rule: str) -> None:
    known = RULES[rule]
    if isinstance(known, CoreRule):
        source = inspect.getsource(known.judge)
    else:
        (place,) = {name for name in sys.modules if name.startswith("keytrail.") and defines(name, known)}
        source = inspect.getsource(sys.modules[place])
    assert all(f'"{name}"' in source for name in figures_of(known))


@pytest.mark.parametrize("tag", OTHERS)
def test_every_rule_has_its_own_sentence_in_every_language(tag: str) -> None:
    for rule in RULES:
        english, translated = (finding_sentence(found(rule), language) for language in (ENGLISH, language_named(tag)))
        shown = "".join(re.findall(r"\d+", translated))
        assert translated != english
        assert "%(" not in translated
        assert trios(translated) & trios(english) == set(), translated
        assert all(SHOWN.get(name, "") in shown for name in figures_of(RULES[rule])), translated


def test_no_two_rules_say_the_same_and_none_accuses() -> None:
    sentences = [finding_sentence(found(rule), ENGLISH) for rule in RULES]
    assert len(set(sentences)) == len(RULES)
    assert [one for one in sentences if re.search(r"\b(cheat|fraud|fake|false|forged|suspicious|bot)\w*", one)] == []


@pytest.mark.parametrize(
    ("tag", "rule", "figures", "part"),
    [
        ("en", "external_text", {"units": 120, "length": 1300}, "(120 of 1,300 characters)"),
        ("de", "external_text", {"units": 120, "length": 1300}, "(120 von 1.300 Zeichen)"),
        ("de", "round_trip", {"away_ms": 95_000}, "(95 Sekunden)"),
        ("fr", "log_ahead_of_time", {"ahead_ms": 600_000}, "10 minutes"),
        ("pl", "ghost_keys", {"median_hold_ms": 8.4}, "8 milisekund"),
        ("es", "same_text", {"similarity": 0.81, "other": "x"}, "81\u00a0%"),
        ("en", "unknown_recorder", {"version": ""}, "(–)"),  # noqa: RUF001
        ("en", "external_text", {"units": 120}, "(120 of – characters)"),  # noqa: RUF001
        ("de", "held_keys", {}, "Das Programm hat etwas markiert"),
    ],
)
def test_figures_are_formatted_for_the_language(tag: str, rule: str, figures: dict[str, Any], part: str) -> None:
    assert part in finding_sentence(found(rule, figures), language_named(tag))

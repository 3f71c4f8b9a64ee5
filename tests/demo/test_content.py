"""The demo study's files: a study anybody could run, and writings that fit its task."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from rapidfuzz import fuzz

import keytrail
from keytrail.demo.people.keyboard import typeable
from keytrail.demo.people.writings import Writing, WritingKind, read_sources, read_writings
from keytrail.demo.studies import GERMAN
from keytrail.studies import ItemRow, StudyDefinition, read_definition, read_items
from keytrail.text.length import count_words

CONTENT = Path(keytrail.__file__).parent / "demo" / "content"


@pytest.fixture(scope="module")
def study() -> StudyDefinition:
    return read_definition(CONTENT / "study.toml")


@pytest.fixture(scope="module")
def items() -> list[ItemRow]:
    return read_items(CONTENT / "items.jsonl")


@pytest.fixture(scope="module")
def writings() -> tuple[Writing, ...]:
    return read_writings()


def longest_shared_run(one: str, other: str) -> int:
    """Words in the longest run that stands in both texts."""
    first, second = (re.findall(r"[a-z0-9.%-]+", text.lower()) for text in (one, other))
    best, above = 0, [0] * (len(second) + 1)
    for word in first:
        row = [0]
        row += [above[i] + 1 if word == other_word else 0 for i, other_word in enumerate(second)]
        best, above = max(best, *row), row
    return best


def test_the_study_states_every_key_and_keeps_default_rules(study: StudyDefinition) -> None:
    optional = {
        "length_unit",
        "platform_options",
        "reviews_per_submission",
        "ethics_number",
        "copy_days",
        "copy_shows_decision",
        "asks_text_origin",
        "asks_input_aids",
        "asks_copying_exercise",
        "asks_model_use",
        "return_after_withdrawal",
        "conditions",
    }
    assert study.model_fields_set == set(StudyDefinition.model_fields) - optional
    assert (study.minimum_words, study.maximum_words) == (60, 200)
    assert (study.reward_cents, study.currency, study.platform) == (100, "USD", "mturk")
    assert (study.places_per_item, study.assignment_minutes) == (30, 60)
    assert study.rules == {}


@pytest.mark.parametrize(
    "subject",
    ["keys you press", "paste", "copy", "drop", "leave this page", "scroll", "pasted text", "pointer", "browser"],
)
def test_the_consent_names_what_is_recorded(study: StudyDefinition, subject: str) -> None:
    recorded, _, _ = study.consent.partition("What is not recorded")
    assert subject in recorded


@pytest.mark.parametrize(
    "subject",
    [
        "No keys anywhere else",
        "no camera",
        "no list of sites",
        "Who sees it",
        "How long",
        "A person",
        "stop at any time",
    ],
)
def test_the_consent_names_limits_and_rights(study: StudyDefinition, subject: str) -> None:
    _, _, rest = study.consent.partition("What is not recorded")
    assert subject in rest


def test_items_are_abstracts_of_the_announced_size(items: list[ItemRow]) -> None:
    assert len(items) >= 8
    for item in items:
        assert 150 <= count_words(item.text) <= 400, item.key
        assert 2 <= len(item.text.split("\n\n")) <= 5, item.key
        assert item.title
        assert item.title not in item.text
        assert "  " not in item.text
    assert len({item.title for item in items}) == len(items)


def test_items_share_no_passage_with_each_other(items: list[ItemRow]) -> None:
    assert max(longest_shared_run(a.text, b.text) for a, b in combinations(items, 2)) < 8


def test_every_item_has_its_writings(items: list[ItemRow], writings: tuple[Writing, ...]) -> None:
    assert {w.item for w in writings} == {item.key for item in items}
    for item in items:
        kinds = [w.kind for w in writings if w.item == item.key]
        assert kinds.count(WritingKind.HUMAN) >= 8
        assert kinds.count(WritingKind.LLM) >= 3


def test_writings_keep_the_task_s_limits(study: StudyDefinition, writings: tuple[Writing, ...]) -> None:
    for writing in writings:
        assert study.minimum_words <= count_words(writing.text) <= 130, writing.text


def test_texts_to_be_typed_need_only_a_plain_keyboard(writings: tuple[Writing, ...]) -> None:
    for writing in writings:
        if writing.kind is WritingKind.HUMAN:
            assert re.fullmatch(r"[ -~]+", writing.text)


def test_writings_are_different_texts_in_words_of_their_own(
    items: list[ItemRow], writings: tuple[Writing, ...]
) -> None:
    source = {item.key: item.text for item in items}
    for writing in writings:
        assert longest_shared_run(writing.text, source[writing.item]) < 11, writing.text
    for one, other in combinations(writings, 2):
        assert fuzz.ratio(one.text, other.text) < 70


def test_german_texts_fit_their_study_and_keyboard() -> None:
    found = read_writings(GERMAN.writings)
    assert {writing.item for writing in found} == {source.key for source in read_sources(GERMAN.items)}
    for writing in found:
        assert count_words(writing.text) >= GERMAN.definition.minimum_words, writing
        assert writing.kind is WritingKind.LLM or typeable(writing.text, "de"), writing

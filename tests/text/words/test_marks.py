import pytest

from keytrail.text.words.marks import chat_boilerplate, unusual_characters

LEFT_BEHIND = [
    ("As an AI language model, I cannot read papers.", "assistant speaking of itself"),
    ("I\u2019m just an AI, so take care.", "assistant speaking of itself"),
    ("Certainly! Here is a summary of the text: the trial went well.", "lead-in"),
    ("Here's a concise summary of the study in 100 words:\nThe trial", "lead-in"),
    ("**Summary:** the trial went well", "lead-in"),
    ("The trial went well. I hope this helps!", "sign-off"),
    ("It works. Let me know if you need anything else.", "sign-off"),
    ("I'm sorry, but I cannot open links.", "refusal"),
    ("The trial went well. (Word count: 104)", "word count"),
]
INNOCENT = [
    "In summary, the vaccine was safe and here the answer is clear.",
    "The summary of the trial shows that a model of the language centre helps.",
    "Here is what they did: they gave one group the drug.",
    "They hope this will help patients, and I hope so too.",
]


@pytest.mark.parametrize(("text", "kind"), LEFT_BEHIND)
def test_phrases_of_assistants_are_found(text: str, kind: str) -> None:
    assert kind in {mark.kind for mark in chat_boilerplate(text)}


@pytest.mark.parametrize("text", INNOCENT)
def test_everyday_phrases_are_not(text: str) -> None:
    assert chat_boilerplate(text) == []


def test_places_are_utf16_units() -> None:
    (mark,) = chat_boilerplate("\U0001f600 Well. I hope this helps.")
    assert (mark.span.start, mark.span.end) == (9, 26)
    assert mark.text == "I hope this helps"
    assert mark.as_json() == {"kind": "sign-off", "span": [9, 26], "text": "I hope this helps"}


def test_unusual_characters_are_named_with_their_places() -> None:
    marks = unusual_characters("\u201cA\u201d\u00a0b \u2014 **c**")
    assert [(mark.kind, mark.span.start) for mark in marks] == [
        ("typographic quotes", 0),
        ("typographic quotes", 2),
        ("no-break spaces", 3),
        ("long dashes", 6),
        ("Markdown", 8),
    ]
    assert unusual_characters("plain - 'text'") == []

import pytest

from keytrail.text.words.delexicalise import COPIED, class_runs, word_class
from keytrail.text.words.style import style_figures
from keytrail.text.words.tokens import tokens_of, words_of


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("however", "however"),
        (",", ","),
        ("#", "#"),
        ("vaccination", "~tion"),
        ("vaccinatoin", "<long>"),
        ("randomly", "~ly"),
        ("well-known", "<compound>"),
        ("h1n1", "<letters+digits>"),
        ("risk", "<short>"),
        ("growth", "<middle>"),
    ],
)
def test_a_word_becomes_its_class(word: str, expected: str) -> None:
    assert word_class(word) == expected


def test_topics_leave_no_trace_in_class_runs() -> None:
    first = class_runs(tokens_of("However, the vaccination protected the diseases."), ())
    second = class_runs(tokens_of("However, the legislation affected the villages."), ())
    assert first == second
    assert first["however , the"] == 1


def test_general_words_stay_and_copies_alone_do_not_count() -> None:
    runs = class_runs(["the", "study", None], {"study"})
    assert runs["the study"] == 1
    assert runs[f"study {COPIED}"] == 1
    assert COPIED not in runs


def test_style_does_not_depend_on_length() -> None:
    tokens = tokens_of("It was done by them in the town. Nobody knew. The people of this place were all very quiet.")
    once = style_figures(tokens * 10, words_of(tokens * 10))
    twice = style_figures(tokens * 20, words_of(tokens * 20))
    assert once == pytest.approx(twice, rel=0.04)

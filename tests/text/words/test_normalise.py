import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrail.text.words.normalise import normalise
from keytrail.text.words.tokens import tokens_of


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("\u201cIt didn\u2019t\u201d", '"It didn\'t"'),
        ("one\u00a0two\u202fthree\u2009four", "one two three four"),
        ("in\u00advis\u200bib\ufeffle", "invisible"),
        ("first\r\nsecond\rthird", "first second third"),
        ("a word , and ( this ) .", "a word, and (this)."),
        ("The end.Next one", "The end. Next one"),
        ("5\u201317 months", "5-17 months"),
        ("one \u2014 two\u2014three -- four", "one - two - three - four"),
        ("end.&#13;&#13;Next &amp; last", "end. Next & last"),
        ("# Head\n\n* **bold** point\n2. *second* `x`", "Head bold point second 'x'"),
        ("see [the paper](http://x.example/y)", "see the paper"),
        ("\ufb01ne \u2026 15 \u03bcg", "fine... 15 \u03bcg"),
    ],
)
def test_typing_pasting_and_exporting_leave_no_trace(raw: str, plain: str) -> None:
    assert normalise(raw) == plain


def test_words_and_case_stay() -> None:
    text = "We randomly assigned 811 adults (20, 15, and 65%) to one of four well-known diets; P=0.05."
    assert normalise(text) == text


@settings(deadline=None)
@given(st.text(max_size=300))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab.,;-*_# \n\r\t\u00a0\u2014\u2019'`&#1;3x()[]"), max_size=120))
def test_marks_in_any_order_settle(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert tokens_of(text) == tokens_of(once)

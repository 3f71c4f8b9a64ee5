from keytrail.text.words.tokens import TextSpan, located_words, sentences_of, tokens_of, words_of


def test_words_lose_their_case_apostrophes_and_figures() -> None:
    assert tokens_of("Don't take 1,200 mg (H1N1), or 65% \u2014 well-known!") == [
        *("dont", "take", "#", "mg", "(", "h1n1", ")", ",", "or", "#", "percent", "well-known", "!"),
    ]


def test_words_of_leaves_marks_out() -> None:
    assert words_of(tokens_of("Yes, no. 5!")) == ["yes", "no", "#"]


def test_sentences_end_at_marks_but_not_inside_figures() -> None:
    assert sentences_of("It was 0.5. Was it?  Yes.") == ["It was 0.5.", "Was it?", "Yes."]


def test_places_are_utf16_units_of_the_raw_text() -> None:
    raw = "\U0001f600 It\u2019s  0.55"
    found = list(located_words(raw))
    assert [word.word for word in found] == ["its", "0.55"]
    assert [word.span for word in found] == [TextSpan(3, 7), TextSpan(9, 13)]
    units = raw.encode("utf-16-le")
    assert units[2 * 9 : 2 * 13].decode("utf-16-le") == "0.55"

from keytrail.text.words.copying import STYLE_RUN, copied_share, ngrams, own_tokens
from keytrail.text.words.tokens import TextSpan, tokens_of, words_of

ITEM = "Exemestane is an aromatase inhibitor that lowers the risk of breast cancer in older women."


def test_copied_stretches_are_shown_where_they_stand() -> None:
    text = "I read that exemestane is an AROMATASE  inhibitor, you know, and lowers the risk."
    share = copied_share(text, ITEM)
    assert (share.copied_words, share.words, share.longest_run) == (5, 14, 5)
    assert share.spans == (TextSpan(12, 49),)
    assert text[12:49] == "exemestane is an AROMATASE  inhibitor"


def test_a_verbatim_text_is_copied_whole_and_an_empty_one_not_at_all() -> None:
    assert copied_share(ITEM, ITEM).share == 1.0
    assert copied_share("", ITEM).share == 0.0
    assert copied_share(ITEM, "").share == 0.0


def test_own_tokens_keep_one_sign_for_each_copied_stretch() -> None:
    runs = ngrams(words_of(tokens_of(ITEM)), STYLE_RUN)
    own = own_tokens(tokens_of("They say it lowers the risk of breast cancer, in older women, a lot."), runs)
    assert own == ["they", "say", "it", None, ",", "a", "lot", "."]


def test_three_words_in_a_row_are_chance() -> None:
    runs = ngrams(words_of(tokens_of(ITEM)), STYLE_RUN)
    assert None not in own_tokens(tokens_of("The risk of being late lowers the price."), runs)

"""Two style features that do not depend on length or on how a text was typed."""

from collections.abc import Sequence
from math import sqrt

from keytrail.text.words.tokens import MARKS
from keytrail.text.words.vocabulary import FUNCTION_WORDS

STYLE_FEATURES = ("function-word share", "spread of sentence lengths")
_SENTENCE_ENDS = frozenset(".!?")
_TYPICAL_FUNCTION_SHARE = 0.45
_PRIOR_WORDS = 10
_TYPICAL_SPREAD = 7.0
_PRIOR_SENTENCES = 1


def style_figures(tokens: Sequence[str], own_words: Sequence[str]) -> list[float]:
    """Return the features named in `STYLE_FEATURES`, shrunk towards typical values when there is little text.

    Measured and left out, because they helped in the lab and harmed in the field, or did neither: lexical variety, word
    length, sentence length, rates of commas, numbers, -ed, -ly and -ing words, words shared with the item.
    """
    return [_function_share(own_words), _sentence_spread(tokens)]


def _function_share(words: Sequence[str]) -> float:
    alphabetic = [word for word in words if word[0].isalpha()]
    function = sum(word in FUNCTION_WORDS for word in alphabetic)
    return (function + _TYPICAL_FUNCTION_SHARE * _PRIOR_WORDS) / (len(alphabetic) + _PRIOR_WORDS)


def _sentence_spread(tokens: Sequence[str]) -> float:
    """Return the standard deviation of words per sentence: people vary more (often called burstiness)."""
    lengths = [0]
    for token in tokens:
        if token in _SENTENCE_ENDS:
            lengths.append(0)
        elif token not in MARKS:
            lengths[-1] += 1
    lengths = [length for length in lengths if length]
    if not lengths:
        return _TYPICAL_SPREAD
    mean = sum(lengths) / len(lengths)
    squares = sum((length - mean) ** 2 for length in lengths) + _PRIOR_SENTENCES * _TYPICAL_SPREAD**2
    return sqrt(squares / (len(lengths) + _PRIOR_SENTENCES))

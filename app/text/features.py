"""What the classifier sees of a text."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.text.copying import STYLE_RUN, own_tokens
from app.text.items import ItemProfile, reference_shares
from app.text.style import style_figures
from app.text.tokens import tokens_of, words_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TextFeatures:
    """One text about one item, read once and scored by any number of models."""

    tokens: tuple[str, ...]
    own: tuple[str | None, ...]
    """The tokens with each stretch copied from the item as None."""
    style: tuple[float, ...]
    shares: tuple[float, ...]
    """Reference shares by run length; zeros without references."""

    @cached_property
    def words(self) -> list[str]:
        """All words without marks."""
        return words_of(self.tokens)

    @cached_property
    def own_words(self) -> list[str]:
        """The words outside stretches copied from the item."""
        return words_of([token for token in self.own if token is not None])

    def dense(self, *, with_references: bool) -> list[float]:
        """The figures beside the class runs."""
        return [*self.shares, *self.style] if with_references else list(self.style)


def read_features(text: str, item: ItemProfile) -> TextFeatures:
    """Tokens, own words, style figures and reference shares of one text."""
    tokens = tokens_of(text)
    own = own_tokens(tokens, item.runs[STYLE_RUN])
    own_words = words_of([token for token in own if token is not None])
    return TextFeatures(
        tuple(tokens),
        tuple(own),
        tuple(style_figures(tokens, own_words)),
        tuple(reference_shares(words_of(tokens), item)),
    )

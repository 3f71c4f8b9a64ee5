"""What the classifier sees of a text."""

from dataclasses import dataclass, replace
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
    mirror_shares: tuple[float, ...]
    """The same, looked up in the other half of the generations."""

    @cached_property
    def words(self) -> list[str]:
        """All words without marks."""
        return words_of(self.tokens)

    @cached_property
    def own_words(self) -> list[str]:
        """The words outside stretches copied from the item."""
        return words_of([token for token in self.own if token is not None])

    @cached_property
    def mirrored(self) -> "TextFeatures":
        """The text as the mirrored half of a model sees it."""
        return replace(self, shares=self.mirror_shares, mirror_shares=self.shares)

    def dense(self, *, with_references: bool) -> list[float]:
        """The figures beside the class runs."""
        return [*self.shares, *self.style] if with_references else list(self.style)


def read_features(text: str, item: ItemProfile) -> TextFeatures:
    """Tokens, own words, style figures and reference shares of one text."""
    tokens = tokens_of(text)
    own = own_tokens(tokens, item.runs[STYLE_RUN])
    own_words = words_of([token for token in own if token is not None])
    words = words_of(tokens)
    shares = tuple(reference_shares(words, item))
    return TextFeatures(
        tuple(tokens),
        tuple(own),
        tuple(style_figures(tokens, own_words)),
        shares,
        shares if item.mirror is None else tuple(reference_shares(words, item.mirror)),
    )

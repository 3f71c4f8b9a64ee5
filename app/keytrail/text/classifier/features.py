"""The classifier's features of a text."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from keytrail.text.items import ItemProfile, ReferenceView, look_up
from keytrail.text.words.copying import STYLE_RUN, own_tokens
from keytrail.text.words.style import style_figures
from keytrail.text.words.tokens import tokens_of, words_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TextFeatures:
    """One text about one item, read once and scored by any number of models."""

    tokens: tuple[str, ...]
    own: tuple[str | None, ...]
    """The tokens, with each stretch copied from the item as None."""
    style: tuple[float, ...]
    references: ReferenceView
    mirror_references: ReferenceView
    """The same, with the other half of the generations as references."""

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
        """Return the features for the mirrored half of a model."""
        return replace(self, references=self.mirror_references, mirror_references=self.references)

    def dense(self, *, with_references: bool) -> list[float]:
        """The numeric features beside the class n-grams."""
        return [*self.references.levelled, *self.style] if with_references else list(self.style)


def read_features(text: str, item: ItemProfile) -> TextFeatures:
    """Return tokens, own words, style features and similarity to the references of one text."""
    tokens = tokens_of(text)
    own = own_tokens(tokens, item.runs[STYLE_RUN])
    own_words = words_of([token for token in own if token is not None])
    words = words_of(tokens)
    view = look_up(words, item)
    return TextFeatures(
        tuple(tokens),
        tuple(own),
        tuple(style_figures(tokens, own_words)),
        view,
        view if item.mirror is None else look_up(words, item.mirror),
    )

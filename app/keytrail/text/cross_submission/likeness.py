"""Likeness of texts about one item, beyond what the item itself contributes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from keytrail.text.prevalence.clusters import resampled_weights
from keytrail.text.prevalence.intervals import Floats, Interval, of_draws
from keytrail.text.words.copying import ngrams
from keytrail.text.words.tokens import tokens_of, words_of

MOST_PER_ITEM = 100
"""Maximum texts compared per item: 4,950 pairs. More would change the mean by less than the width of its interval."""
_DRAWS = 1000
_FEWEST_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class SubmittedText:
    """A submitted text about an item."""

    item_id: str
    person: str
    text: str


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """The similarity within a group of texts."""

    mean_jaccard: float | None
    """Mean over pairs of texts by different people about the same item; None without such a pair."""
    interval: Interval | None
    """From resampling whole people; None with fewer than three."""
    pairs: int
    texts: int
    people: int
    words: float
    """Mean length of the texts in words: longer and shorter texts have other things in common."""

    def as_json(self) -> dict[str, object]:
        """Return plain values for reports and pages."""
        return asdict(self)


def likeness(texts: Sequence[SubmittedText], items: Mapping[str, str], *, seed: int = 0) -> list[float | None]:
    """Return each text's similarity to other people's texts about the same item; None for a text without others.

    For items with more than a hundred texts a hundred are sampled, by `seed`; the rest have None too.
    """
    found: list[float | None] = [None] * len(texts)
    for item, places in _at_most([one.item_id for one in texts], seed).items():
        alike, others = _compared([texts[place] for place in places], items[item])
        for row, place in enumerate(places):
            if others[row].any():
                found[place] = float(alike[row, others[row]].mean())
    return found


def homogeneity(texts: Sequence[SubmittedText], items: Mapping[str, str], *, seed: int = 0) -> Homogeneity:
    """Return the mean pairwise similarity of texts by different people within items.

    The measure of the follow-up study (Veselovsky et al. 2025): the Jaccard similarity of word pairs not in the item,
    0.093 among synthetic and 0.024 among other texts of theirs. For items with more than a hundred texts a hundred are
    sampled, by `seed`.
    """
    drawn = [texts[place] for place in compared_places([one.item_id for one in texts], seed=seed)]
    names, person = np.unique([one.person for one in drawn], return_inverse=True)
    weights = resampled_weights(names.tolist(), _DRAWS, seed) if len(names) >= _FEWEST_PEOPLE else None
    total, pairs = 0.0, 0
    sums, counts = np.zeros(_DRAWS), np.zeros(_DRAWS)
    for item, places in _by_item([one.item_id for one in drawn]).items():
        alike, others = _compared([drawn[place] for place in places], items[item])
        total += float(alike[others].sum()) / 2
        pairs += int(others.sum()) // 2
        if weights is not None:
            mine = weights[:, person[places]]
            sums += np.einsum("dn,dn->d", mine @ (alike * others), mine)
            counts += np.einsum("dn,dn->d", mine @ others.astype(float), mine)
    nonempty = counts > 0
    return Homogeneity(
        mean_jaccard=total / pairs if pairs else None,
        interval=of_draws(sums[nonempty] / counts[nonempty]) if nonempty.any() else None,
        pairs=pairs,
        texts=len(drawn),
        people=len(names),
        words=float(np.mean([len(one.text.split()) for one in drawn])) if drawn else 0.0,
    )


def compared_places(items: Sequence[str], *, seed: int = 0) -> list[int]:
    """Return the indices of texts that would be compared, from their items only: item by item, at most a hundred of
    each.
    """
    return [place for places in _at_most(items, seed).values() for place in places]


def _at_most(items: Sequence[str], seed: int) -> dict[str, list[int]]:
    """Return the indices of the texts about each item that are compared."""
    random = np.random.default_rng(seed)
    return {
        item: places
        if len(places) <= MOST_PER_ITEM
        else sorted(int(place) for place in random.choice(places, MOST_PER_ITEM, replace=False))
        for item, places in _by_item(items).items()
    }


def _by_item(items: Sequence[str]) -> dict[str, list[int]]:
    together: dict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        together[item].append(place)
    return together


def _compared(
    texts: Sequence[SubmittedText], item_text: str
) -> tuple[Floats, np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    """Return, for each two texts about an item, the Jaccard similarity and whether they are by different people."""
    from sklearn.preprocessing import MultiLabelBinarizer  # noqa: PLC0415 -- loaded by comparing alone, not by every command

    given = _word_pairs(item_text)
    own = [_word_pairs(one.text) - given for one in texts]
    present = MultiLabelBinarizer(sparse_output=True).fit_transform(own).astype(float)
    shared = (present @ present.T).toarray()
    sizes = np.array([len(pairs) for pairs in own], dtype=float)
    union = sizes[:, None] + sizes[None, :] - shared
    person = np.array([one.person for one in texts])
    return shared / np.maximum(union, 1.0), person[:, None] != person[None, :]


def _word_pairs(text: str) -> set[str]:
    return {" ".join(pair) for pair in ngrams(words_of(tokens_of(text)), 2)}

"""Find the words of a text that are copied from its item (verbatim copying)."""

from collections.abc import Sequence
from dataclasses import dataclass

from keytrail.text.words.tokens import MARKS, TextSpan, located_words

Ngram = tuple[str, ...]

STYLE_RUN = 4
"""Consecutive words that count as the item's author's rather than the writer's when style is assessed. On our data runs
of 3, 4 and 5 do equally well; without excluding copied runs, style models classify extracts as synthetic."""
EVIDENCE_RUN = 5
"""Consecutive words that are shown to people as copied; shorter runs occur by chance in texts on the same topic."""


def ngrams(words: Sequence[str], length: int) -> set[Ngram]:
    """Return the distinct n-grams of `length` words."""
    return set(zip(*(words[offset:] for offset in range(length)), strict=False))


def copied_flags(words: Sequence[str], item_runs: set[Ngram], run: int) -> list[bool]:
    """Return, for each word, whether it is part of `run` consecutive words that stand in the item (`item_runs`)."""
    flags = [False] * len(words)
    for start in range(len(words) - run + 1):
        if tuple(words[start : start + run]) in item_runs:
            flags[start : start + run] = [True] * run
    return flags


def own_tokens(tokens: Sequence[str], item_runs: set[Ngram]) -> list[str | None]:
    """Return the tokens with every copied stretch, marks inside it included, replaced by one None."""
    places = [place for place, token in enumerate(tokens) if token not in MARKS]
    words = [tokens[place] for place in places]
    copied = [False] * len(tokens)
    for start in range(len(words) - STYLE_RUN + 1):
        if tuple(words[start : start + STYLE_RUN]) in item_runs:
            first, last = places[start], places[start + STYLE_RUN - 1]
            copied[first : last + 1] = [True] * (last + 1 - first)
    own: list[str | None] = []
    for token, is_copied in zip(tokens, copied, strict=True):
        if not is_copied:
            own.append(token)
        elif not own or own[-1] is not None:
            own.append(None)
    return own


@dataclass(frozen=True, slots=True)
class CopiedShare:
    """How much of a text is copied from its item word for word."""

    words: int
    copied_words: int
    longest_run: int
    spans: tuple[TextSpan, ...]

    @property
    def share(self) -> float:
        """Copied words divided by all words, 0 for an empty text."""
        return self.copied_words / self.words if self.words else 0.0

    def as_json(self) -> dict[str, object]:
        """Return plain values for exports and pages; spans are UTF-16 units of the raw text."""
        return {
            "words": self.words,
            "copied_words": self.copied_words,
            "longest_run_words": self.longest_run,
            "share": self.share,
            "spans": [span.as_json() for span in self.spans],
        }


def copied_share(text: str, item_text: str, run: int = EVIDENCE_RUN) -> CopiedShare:
    """Return the stretches of at least `run` words that stand in the item, ignoring case and punctuation."""
    located = list(located_words(text))
    item_words = [word.word for word in located_words(item_text)]
    flags = copied_flags([word.word for word in located], ngrams(item_words, run), run)
    runs: list[list[int]] = []
    for place, flag in enumerate(flags):
        if flag and place and flags[place - 1]:
            runs[-1].append(place)
        elif flag:
            runs.append([place])
    spans = tuple(TextSpan(located[places[0]].span.start, located[places[-1]].span.end) for places in runs)
    return CopiedShare(len(located), sum(flags), max(map(len, runs), default=0), spans)

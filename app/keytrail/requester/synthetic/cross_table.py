"""The cross table in words: where texts came from, by how they read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keytrail.requester.synthetic.reading import TEXT
from keytrail.synthetic.prevalence.observations import LEFT_OUT, NOT_SCORED
from keytrail.text.loglabels import MainOrigin

_LOG: Mapping[str, str] = {
    MainOrigin.TYPED: "was typed",
    MainOrigin.SOURCE: "came from the item",
    MainOrigin.EXTERNAL: "came from elsewhere",
    MainOrigin.MIXED: "came from no one place",
    MainOrigin.UNCLEAR: "cannot be told from the log",
}
_TEXT: Mapping[str, str] = {str(outcome): label for outcome, label in TEXT.items()} | {
    LEFT_OUT: "trained the classifier",
    NOT_SCORED: "not scored yet",
}


@dataclass(frozen=True)
class CrossTable:
    """Submissions by how their text reads (`columns`) and where at least half of it came from (`rows`)."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int]]]


def cross_table(cross: Sequence[tuple[str, str, int]]) -> CrossTable:
    """Build it from counts by log and text, without empty rows and columns."""
    counts = {(log, text): number for log, text, number in cross}
    texts = [text for text in _TEXT if any(text == one for _, one in counts)]
    logs = [log for log in _LOG if any(log == one for one, _ in counts)]
    return CrossTable(
        [_TEXT[text] for text in texts],
        [(_LOG[log], [counts.get((log, text), 0) for text in texts]) for log in logs],
    )

"""Clipboard contents, and what of them survived in the submitted text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keytrail.provenance import Origin, Playback, Step, from_units, to_units
from keytrail.provenance.matching.tiling import Run, TiledText

# Shorter passages occur in many texts.
_LEAST = 12
_WAYS = frozenset({"paste", "drop"})
# Very long clipboard texts make pages slow; the rest is not compared.
_MOST = 20_000


@dataclass(frozen=True)
class ClipboardPiece:
    """A stretch of clipboard text; `survived` says whether it is in the submitted text."""

    text: str
    survived: bool


@dataclass(frozen=True)
class ClipboardText:
    """One paste or drop. `origin` is the origin of most of it; units are UTF-16."""

    t_ms: int
    kind: str
    origin: str
    units: int
    survived: int
    pieces: Sequence[ClipboardPiece]


def clips_of(playback: Playback, final_text: str) -> Sequence[ClipboardText]:
    """Return every paste and drop in order. Short passages are matched by their words, wherever they were moved."""
    final = to_units(final_text)
    corpus = TiledText(final, _LEAST)
    return [_clip(step, corpus, final) for step in playback.steps if step.kind in _WAYS and step.inserted]


def _clip(step: Step, corpus: TiledText, final: str) -> ClipboardText:
    units = to_units(step.inserted)
    runs = corpus.runs(units[:_MOST])
    if len(units) < _LEAST and units in final:
        runs = [Run(0, len(units), 0)]
    sizes: dict[str, int] = {}
    for span in step.spans:
        sizes[span.counts_as] = sizes.get(span.counts_as, 0) + span.end - span.start
    return ClipboardText(
        t_ms=step.t_ms,
        kind=step.kind,
        origin=max(sizes, key=lambda name: sizes[name], default=Origin.UNKNOWN),
        units=len(units),
        survived=sum(run.end - run.start for run in runs),
        pieces=list(_pieces(units, runs)),
    )


def _pieces(units: str, runs: Sequence[Run]) -> Iterator[ClipboardPiece]:
    reached = 0
    for run in runs:
        if run.start > reached:
            yield ClipboardPiece(from_units(units[reached : run.start]), survived=False)
        yield ClipboardPiece(from_units(units[run.start : run.end]), survived=True)
        reached = run.end
    if reached < len(units):
        yield ClipboardPiece(from_units(units[reached:]), survived=False)

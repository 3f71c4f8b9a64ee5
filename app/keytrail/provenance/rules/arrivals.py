"""Arrivals: surviving text from outside or without keys, and whether it may be the writer's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from keytrail.provenance.kinds import Origin
from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Span
from keytrail.provenance.rules.characters import is_single
from keytrail.provenance.rules.detours import likely_way
from keytrail.provenance.rules.dictation import spoken_spans
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.keys_elsewhere import spans_of_other_keys
from keytrail.provenance.rules.picked_characters import picked_spans

UNTYPED: Final = (Origin.NOKEY, Origin.SCRIPT, Origin.SILENT)


@dataclass(frozen=True)
class Arrivals:
    """Surviving spans that count, by kind. Single characters (emoji, an accent, a symbol) are not counted."""

    facts: Facts
    limits: Limits

    @cached_property
    def external(self) -> Sequence[Span]:
        """Pasted and dropped text from elsewhere."""
        return _without_singles(self.facts, (Origin.EXTERNAL,), self.limits)

    @cached_property
    def untyped(self) -> Sequence[Span]:
        """Text without keys. A suggestion strip inserts words without keys, so on touch only a long insertion
        counts.
        """
        spans = _without_singles(self.facts, UNTYPED, self.limits)
        if not self.facts.touch:
            return spans
        least = self.limits.untyped_touch_units
        return [span for span in spans if span.counts_as is not Origin.NOKEY or span.end - span.start >= least]

    @cached_property
    def likely(self) -> dict[Span, str]:
        """Spans that may well be the writer's own, with the reason: `spoken`, `picked`, `keyed` or one of
        `detours.LIKELY`.
        """
        found = dict.fromkeys(spoken_spans(self.facts, self.limits), "spoken")
        found |= dict.fromkeys(spans_of_other_keys(self.facts, self.limits), "keyed")
        found |= dict.fromkeys(picked_spans(self.facts, self.limits), "picked")
        for span in (*self.external, *self.untyped):
            way = likely_way(span, self.facts, self.limits)
            if way in {"field", "expander"}:
                found[span] = way  # the log holds the copy or the abbreviation
            elif way is not None and span.counts_as is Origin.EXTERNAL:
                found.setdefault(span, way)
        return found

    def excused(self, span: Span) -> bool:
        """Return whether a span is a single character or may well be the writer's own."""
        arrived = span.counts_as is Origin.EXTERNAL or span.counts_as in UNTYPED
        return span in self.likely or (arrived and span not in self._counting)

    @cached_property
    def _counting(self) -> frozenset[Span]:
        return frozenset((*self.external, *self.untyped))

    def unlikely_units(self, spans: Sequence[Span]) -> int:
        """Return the units of spans without such a reason."""
        return sum(span.end - span.start for span in spans if span not in self.likely)

    @cached_property
    def most_of_the_text(self) -> bool:
        """Return whether text without such a reason is most of the answer."""
        units = self.unlikely_units(self.external) + self.unlikely_units(self.untyped)
        return units >= self.limits.untyped_high_share * self.facts.length


def total(spans: Sequence[Span]) -> int:
    """Return the total units of spans."""
    return sum(span.end - span.start for span in spans)


def _without_singles(facts: Facts, origins: Sequence[Origin], limits: Limits) -> list[Span]:
    """Return spans of these origins, without runs of single characters.

    Letters and digits that every keyboard has are counted where there are many: nobody picks each from a panel while
    typing the letters between them.
    """
    spans = [span for span in facts.spans if span.counts_as in origins]
    breaks = [0, *(at for at, (one, two) in enumerate(pairwise(spans), 1) if one.end != two.start), len(spans)]
    runs = [spans[first:last] for first, last in pairwise(breaks) if last > first]
    texts = [facts.text[run[0].start : run[-1].end] for run in runs]
    loose = [is_single(text) for text in texts]
    plain = [text.isascii() and text.isalnum() for text in texts]
    units = sum(len(text) for text, one, ascii_one in zip(texts, loose, plain, strict=True) if one and ascii_one)
    many = units >= max(limits.untyped_units, limits.untyped_share * facts.length)
    counting = [not one or (many and ascii_one) for one, ascii_one in zip(loose, plain, strict=True)]
    return [span for run, counts in zip(runs, counting, strict=True) if counts for span in run]

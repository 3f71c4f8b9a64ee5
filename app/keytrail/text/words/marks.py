"""Find marks that chat assistants and word processors leave in a text: shown as evidence, without weight.

In the field 0 to 14 % of the synthetic texts have them (docs/text.md), so their absence means nothing; and a person who
writes in a word processor leaves typographic quotes too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keytrail.provenance.rules.unusual_characters import unusual_in
from keytrail.provenance.units import to_units
from keytrail.text.words.tokens import TextSpan

_SUMMARY = r"(?:brief |short |concise |simple |possible )?(?:summary|version|rewrite|paraphrase|response|answer)"
_BOILERPLATE = {
    "assistant speaking of itself": (
        r"\bas an? (?:ai|artificial intelligence)(?: language)?(?: model| assistant)?\b",
        r"\bas a (?:large )?language model\b",
        r"\bi(?:'m| am) (?:just |only )?an? (?:ai|language model|virtual assistant|chatbot)\b",
        r"\bmy (?:training data|knowledge cut-?off|last (?:knowledge )?update)\b",
        r"\bi (?:do not|don't|cannot|can't) (?:have access to|browse|access) (?:the internet|real-time)",
    ),
    "lead-in": (
        rf"\bhere(?:'s| is| are) (?:a|an|the|your|my) {_SUMMARY}\b[^.\n]{{0,60}}[:.]",
        r"^[^\S\n]*(?:sure|certainly|of course|absolutely)[!,.]+ (?=here|i )",
        rf"^[^\S\n]*(?:\*\*)?{_SUMMARY}(?:\*\*)?:",
        r"\bin (?:about|around|at least|under|approximately) \d+ words[:,]",
    ),
    "sign-off": (
        r"\bi hope (?:this|that) (?:helps|is helpful|meets)\b",
        r"\blet me know if (?:you|there)\b",
        r"\b(?:feel free|do not hesitate|don't hesitate) to (?:ask|reach out|let me know)\b",
        r"\bis there anything else\b",
        r"\bwould you like me to\b",
        r"\bregenerate response\b",
    ),
    "refusal": (
        r"\bi(?:'m| am) sorry,? but i (?:cannot|can't|am unable)\b",
        r"\bi (?:cannot|can't|am unable to|am not able to) (?:assist|help|fulfil|comply|provide|complete)\b",
    ),
    "word count": (r"\((?:word count: ?\d+|\d+ words)\)", r"\bword count: ?\d+"),
}
_PATTERNS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for kind, patterns in _BOILERPLATE.items()
    for pattern in patterns
)
_APOSTROPHES = str.maketrans("\u2018\u2019\u02bc", "'''")


@dataclass(frozen=True, slots=True)
class TextMark:
    """One trace: its kind in words, its position in UTF-16 units, and the characters themselves."""

    kind: str
    span: TextSpan
    text: str

    def as_json(self) -> dict[str, object]:
        """Return plain values for reports and pages."""
        return {"kind": self.kind, "span": self.span.as_json(), "text": self.text}


def chat_boilerplate(text: str) -> list[TextMark]:
    """Return phrases of chat assistants that were left in the text, by position."""
    units = to_units(text)
    searched = units.translate(_APOSTROPHES)
    found = {
        TextMark(kind, TextSpan(match.start(), match.end()), units[match.start() : match.end()])
        for kind, pattern in _PATTERNS
        for match in pattern.finditer(searched)
    }
    return sorted(found, key=lambda mark: (mark.span, mark.kind))


def unusual_characters(text: str) -> list[TextMark]:
    """Return typographic marks, invisible characters and Markdown, by position (the provenance core's list of them)."""
    return sorted(_unusual(to_units(text)), key=lambda mark: (mark.span, mark.kind))


def _unusual(units: str) -> Iterator[TextMark]:
    for kind, start, length in unusual_in(units):
        yield TextMark(kind, TextSpan(start, start + length), units[start : start + length])

"""Rules on rewritten text: the writer's own text that a tool changed."""

from keytrail.messages import message
from keytrail.provenance.formatting import count, percent
from keytrail.provenance.kinds import Family, Origin, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Finding
from keytrail.provenance.rules.dictation import spoken_rewrites
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.languages import may_translate
from keytrail.provenance.rules.rule import rule

_SHOWN = 50
"""Passages that a finding shows side by side."""
_KEYBOARDS = frozenset({"insertCompositionText", "insertFromComposition", "insertReplacementText"})
"""How the corrections of keyboards and spell-checkers arrive."""


@rule(
    "Own words replaced by others",
    Family.PROVENANCE,
    Severity.REVIEW,
    Severity.HIGH,
    cause="Whether assistants are allowed is the study's rule.",
    for_worker=message(
        "Part of your text replaced words that you had written, without keys being pressed (%(units)s of "
        "%(length)s characters). Writing assistants and dictation do this."
    ),
)
def rewritten_text(facts: Facts, limits: Limits) -> Finding | None:
    """Own sentences were replaced by other words that no key made.

    Writing assistants that rephrase, Writing Tools, "Help me write" and Copilot arrive this way; so does a sentence
    that is dictated over a selection, or translated in place. Whether that is allowed is the study's rule; only most of
    the text, in the language of the replaced words and without the time to say it, is strong.
    """
    units = facts.units_of(Origin.REWRITTEN)
    if not units or (units < limits.rewritten_units and units < limits.rewritten_share * facts.length):
        return None
    if units < limits.untyped_least_units:
        return None
    share = units / facts.length
    translated = _translated_units(facts)
    unlikely = units - translated - spoken_rewrites(facts, limits)
    high = unlikely >= max(limits.rewritten_high_share * facts.length, limits.untyped_high_units)
    innocent = (
        "The writer wrote in another language, of which this may be a translation by the browser or an extension. "
        if 2 * translated >= units
        else "A writing assistant that is asked for better wording does this, and so does dictating over a selection. "
    )
    return Finding(
        rule="rewritten_text",
        family=Family.PROVENANCE,
        severity=Severity.HIGH if high else Severity.REVIEW,
        explanation=(
            f"{innocent}{units:,} of {count(facts.length, 'character')} ({percent(share)}) replaced other words "
            "that the writer had written."
        ),
        spans=facts.spans_of(Origin.REWRITTEN),
        times_ms=facts.times_of(Origin.REWRITTEN),
        figures={"units": units, "length": facts.length, "share": round(share, 4), "passages": len(facts.rewrites)},
        rewrites=tuple(facts.rewrites[:_SHOWN]),
    )


def _translated_units(facts: Facts) -> int:
    """Return the rewritten units of passages whose old words are in another language than the new ones."""
    passages = [pair for pair in facts.rewrites if may_translate(pair.old, pair.new)]
    return sum(
        min(span.end, pair.end) - max(span.start, pair.start)
        for span in facts.spans
        if span.counts_as is Origin.REWRITTEN
        for pair in passages
        if span.start < pair.end and pair.start < span.end
    )


@rule(
    "Most words corrected",
    Family.PROVENANCE,
    Severity.REVIEW,
    cause="People with dyslexia may correct many words.",
    for_worker=message(
        "Much of your text is in words that a program corrected (%(units)s of %(length)s characters). "
        "Spelling and writing aids do this."
    ),
)
def corrected_throughout(facts: Facts, limits: Limits) -> Finding | None:
    """Half of the text or more consists of words that a tool corrected; people's assistants change far less."""
    spans = [span for span in facts.spans if span.counts_as is Origin.ASSIST and span.cause not in _KEYBOARDS]
    units = sum(span.end - span.start for span in spans)
    if not units or units < limits.untyped_units or units < limits.corrected_share * facts.length:
        return None
    return Finding(
        rule="corrected_throughout",
        family=Family.PROVENANCE,
        severity=Severity.REVIEW,
        explanation=(
            "Writing assistants correct words one by one in this way. Here "
            f"{units:,} of {count(facts.length, 'character')} are in corrected words, which is unusually many."
        ),
        spans=tuple((span.start, span.end) for span in spans),
        figures={"units": units, "length": facts.length, "share": round(units / facts.length, 4)},
    )

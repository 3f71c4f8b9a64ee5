"""Decide where rules of rhythm and linearity do not apply; the reason is shown to the reviewer."""

from collections.abc import Mapping
from statistics import median

from keytrail.provenance.formatting import count
from keytrail.provenance.kinds import Origin
from keytrail.provenance.limits import Limits
from keytrail.provenance.rules.dictation import dictated_units
from keytrail.provenance.rules.digraphs import is_english, is_qwerty, median_interval, within_words
from keytrail.provenance.rules.facts import Facts

TOUCH = "the text was written on a touch screen"
INPUT_METHOD = "an input method composed or injected much of the text"


def not_judged(facts: Facts, limits: Limits) -> Mapping[str, str]:
    """Return the rules that do not apply to a session, each with the reason."""
    reasons = {
        "ghost_keys": why_no_holds(facts, limits),
        "machine_rhythm": why_no_intervals(facts, limits),
        "no_digraph_coupling": why_no_pairs(facts, limits),
        "linear_production": why_no_copying(facts, limits),
    }
    return {rule: reason for rule, reason in reasons.items() if reason}


def uses_input_method(facts: Facts, limits: Limits) -> bool:
    """Return whether an input method hid, composed or injected a considerable share of the keys or of the text."""
    rhythm = facts.rhythm
    keys = len(rhythm.downs) + rhythm.hidden
    composed = facts.units_of(Origin.IME)
    return rhythm.unjudged > limits.input_method_share * max(1, keys) or composed > limits.input_method_share * max(
        1, facts.accounted
    )


def why_no_holds(facts: Facts, limits: Limits) -> str | None:  # noqa: PLR0911 - a reason each
    """Return why hold times cannot be judged, or None: they need a fine timer, and keys that a hand held."""
    pairs = len(facts.rhythm.holds_ms)
    if facts.touch:
        return TOUCH
    if not pairs and facts.rhythm.downs:
        return "the log has no key releases that belong to typed letters"
    if facts.tick_ms is None or facts.tick_ms > limits.mechanics_tick_ms:
        return "the page's timer is too coarse, or its resolution was not recorded"
    if 2 * len(facts.rhythm.judged) < len(facts.rhythm.downs):
        return "a tool or an input method pressed most keys"
    if pairs < limits.ghost_pairs:
        return f"only {count(pairs, 'key')} have a known hold; {limits.ghost_pairs} are needed"
    if median(facts.rhythm.intervals_ms or (0,)) >= limits.pointed_ms:
        return "keys came as slowly as from an on-screen keyboard, which releases them at once"
    return None


def why_no_intervals(facts: Facts, limits: Limits) -> str | None:
    """Return why intervals cannot be judged, or None: they need enough keys that a hand pressed in sequence."""
    if facts.touch:
        return TOUCH
    if uses_input_method(facts, limits):
        return INPUT_METHOD
    keys = len(facts.rhythm.judged)
    return None if keys >= limits.rhythm_keys else f"only {count(keys, 'key')}; {limits.rhythm_keys} are needed"


def why_no_pairs(facts: Facts, limits: Limits) -> str | None:  # noqa: PLR0911 - a reason each
    """Return why letter pairs cannot be judged, or None: the population types English on QWERTY, fast enough for
    rollover.
    """
    if facts.touch:
        return TOUCH
    if uses_input_method(facts, limits):
        return INPUT_METHOD
    if not is_english(facts.language, facts.text):
        return "the text is not English"
    if not is_qwerty(facts.rhythm.judged):
        return "the keyboard layout is not QWERTY"
    pairs = within_words(facts.rhythm.judged)
    if not pairs or len(pairs) < limits.digraph_count:
        return f"only {count(len(pairs), 'letter pair')}; {limits.digraph_count} are needed"
    if median_interval(pairs) > limits.digraph_median_ms:
        return "slow typing does not show the differences between letter pairs"
    return None


def why_no_copying(facts: Facts, limits: Limits) -> str | None:
    """Return why linearity cannot be judged, or None: it needs a longer text typed by hand here."""
    words = typed_words(facts)
    if facts.touch:
        return TOUCH
    if uses_input_method(facts, limits):
        return INPUT_METHOD
    if dictated_units(facts, limits):
        return "part of the text may have been dictated"
    if words < max(1, limits.linear_words):
        return f"only {count(words, 'word')} were typed; {limits.linear_words} are needed"
    return None


def typed_words(facts: Facts) -> int:
    """Return the number of words that keys made."""
    return sum(len(facts.text[start:end].split()) for start, end in facts.spans_of(Origin.TYPED))

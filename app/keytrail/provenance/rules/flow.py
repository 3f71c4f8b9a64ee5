"""The flow of writing: measures of linearity, which findings use and which are kept when key timing is rounded."""

from keytrail.provenance.limits import Limits
from keytrail.provenance.rules.facts import UNITS_PER_WORD, Facts


def linearity_of(facts: Facts, limits: Limits) -> dict[str, float | None]:
    """Return the seven measures by name; None where one is undefined or the log cannot tell.

    In a log without edits the erased share is that of Backspace and Delete among the keys.
    """
    pauses = facts.rhythm.pauses(limits.linear_pause_ms, limits.linear_short_ms)
    typing_ms = facts.rhythm.typing_ms
    production = facts.production
    produced = production.produced if production else 0
    return {
        "pause_share": pauses[0] if pauses else None,
        "mean_pause_ms": pauses[1] if pauses else None,
        "sentence_pause_ms": facts.rhythm.sentence_pause_ms,
        "words_per_minute": facts.rhythm.printable / UNITS_PER_WORD / typing_ms * 60_000 if typing_ms else None,
        "final_share": facts.length / produced if produced else None,
        "deleted_share": production.deleted / produced if production and produced else _erased_share(facts),
        "away_from_edge_share": production.inside / produced if production and produced else None,
    }


def _erased_share(facts: Facts) -> float | None:
    rhythm = facts.rhythm
    return min(1.0, rhythm.erased / rhythm.printable) if rhythm.printable else None

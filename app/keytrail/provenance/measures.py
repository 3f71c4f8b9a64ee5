"""Measures of a session that findings and other modules use, and that are kept when key timing is rounded.

Times are milliseconds, lengths UTF-16 units, shares between 0 and 1; None where a measure is undefined or the log
cannot tell. Thresholds on the linearity measures come from 500 composed and 500 transcribed essays [D].
"""

from collections.abc import Sequence
from statistics import median
from typing import Any, Final

from keytrail.provenance.limits import Limits
from keytrail.provenance.rules.applying import not_judged, why_no_copying
from keytrail.provenance.rules.copying import likeness
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.flow import linearity_of

_DIGITS: Final = 4


def measures_of(facts: Facts, limits: Limits) -> dict[str, Any]:
    """Return all measures by name."""
    return {**_text(facts), **_presence(facts), **_keys(facts, limits), **_linearity(facts, limits)}


def _text(facts: Facts) -> dict[str, Any]:
    return {
        "units_by_origin_before_moving": {origin.value: units for origin, units in facts.counts.items()},
        "words": len(facts.text.split()),
        "duration_ms": facts.duration_ms,
    }


def _presence(facts: Facts) -> dict[str, Any]:
    recorded = not facts.integrity.by_alignment
    return {
        "pastes": len(facts.pastes),
        "pastes_prevented": facts.refused if recorded else None,
        "paste_lags_ms": list(facts.paste_lags_ms),
        "copies": len(facts.copies),
        "copies_prevented": facts.copies_refused if recorded else None,
        "copied_item_share": _rounded(max((copy.item_share for copy in facts.copies), default=0.0)),
        "absences": len(facts.absences) if recorded else None,
        "away_ms": sum(absence.ms for absence in facts.absences) if recorded else None,
    }


def _keys(facts: Facts, limits: Limits) -> dict[str, Any]:
    rhythm = facts.rhythm
    intervals = [interval for interval in rhythm.intervals_ms if interval <= limits.rhythm_high_ms]
    return {
        "keys": rhythm.printable,
        "keys_hidden": rhythm.hidden,
        "keys_untrusted": facts.untrusted_keys,
        "first_typed_ms": facts.typed_ms[0] if facts.typed_ms else None,
        "interval_median_ms": _median(intervals),
        "interval_log_sd": _rounded(rhythm.log_interval_sd(limits.rhythm_low_ms, limits.rhythm_high_ms)),
        "hold_median_ms": rhythm.hold_median_ms,
        "hold_cv": _rounded(rhythm.hold_cv),
        "handover_median_ms": rhythm.handover_median_ms,
        "rollovers": rhythm.rollovers if rhythm.holds_ms else None,
    }


def _linearity(facts: Facts, limits: Limits) -> dict[str, Any]:
    measures = linearity_of(facts, limits)
    judged = not why_no_copying(facts, limits)
    return {
        **{name: _rounded(value) for name, value in measures.items()},
        "copying_likeness": _rounded(likeness(measures)) if judged else None,
        "not_judged": dict(not_judged(facts, limits)),
    }


def _median(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)

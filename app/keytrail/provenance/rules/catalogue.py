"""The catalogue of the core's rules, in the order in which findings are shown."""

from collections.abc import Mapping
from typing import Final

from keytrail.provenance.kinds import Family
from keytrail.provenance.rules.clocks import clock_anomaly, clock_set, log_ahead_of_time
from keytrail.provenance.rules.copied_out import round_trip, task_copied_out
from keytrail.provenance.rules.forgery import impossible_environment, unknown_recorder
from keytrail.provenance.rules.integrity import log_cut, log_incomplete, log_inconsistent, parallel_epochs
from keytrail.provenance.rules.keyless import composed_phrases, hardly_any_keys, unspeakable_pace
from keytrail.provenance.rules.linearity import linear_production, no_reading, unusual_characters
from keytrail.provenance.rules.mechanics import (
    automation,
    capitals_without_shift,
    ghost_keys,
    impossible_speed,
    machine_rhythm,
    no_digraph_coupling,
    scripted_focus,
)
from keytrail.provenance.rules.origins import (
    external_text,
    initial_text,
    key_deficit,
    retyped_paste,
    source_copied,
    untyped_text,
)
from keytrail.provenance.rules.rewriting import corrected_throughout, rewritten_text
from keytrail.provenance.rules.rule import CoreRule
from keytrail.provenance.rules.weak_signs import weak_signs

RULES: Final[tuple[CoreRule, ...]] = (
    external_text,
    untyped_text,
    rewritten_text,
    corrected_throughout,
    unspeakable_pace,
    composed_phrases,
    initial_text,
    retyped_paste,
    key_deficit,
    round_trip,
    task_copied_out,
    source_copied,
    log_ahead_of_time,
    unknown_recorder,
    impossible_environment,
    ghost_keys,
    machine_rhythm,
    no_digraph_coupling,
    impossible_speed,
    capitals_without_shift,
    scripted_focus,
    hardly_any_keys,
    weak_signs,
    automation,
    linear_production,
    no_reading,
    unusual_characters,
    log_cut,
    log_incomplete,
    log_inconsistent,
    clock_anomaly,
    clock_set,
    parallel_epochs,
)
FAMILIES: Final[Mapping[str, Family]] = {rule.id: rule.family for rule in RULES}
"""Family by rule, for code that handles rules which have not fired."""

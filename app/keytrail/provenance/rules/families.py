"""The family of every rule of the core, for readers of rules that have not fired."""

from collections.abc import Mapping
from typing import Final

from keytrail.provenance.kinds import Family

_RULES: Final[Mapping[Family, tuple[str, ...]]] = {
    Family.PROVENANCE: (
        "external_text",
        "untyped_text",
        "initial_text",
        "retyped_paste",
        "key_deficit",
        "round_trip",
        "task_copied_out",
        "rewritten_text",
        "corrected_throughout",
        "unspeakable_pace",
        "composed_phrases",
        "log_ahead_of_time",
        "unknown_recorder",
        "impossible_environment",
    ),
    Family.TASK: ("source_copied",),
    Family.MECHANICS: (
        "ghost_keys",
        "machine_rhythm",
        "no_digraph_coupling",
        "impossible_speed",
        "capitals_without_shift",
        "scripted_focus",
        "automation",
        "no_key_at_all",
        "weak_signs",
    ),
    Family.LINEARITY: ("linear_production", "no_reading"),
    Family.TEXT: ("unusual_characters",),
    Family.INTEGRITY: ("log_cut", "log_incomplete", "log_inconsistent", "clock_anomaly", "parallel_epochs"),
    Family.CONTEXT: ("clock_set",),
}
FAMILIES: Final[Mapping[str, Family]] = {rule: family for family, rules in _RULES.items() for rule in rules}
"""Family by rule."""

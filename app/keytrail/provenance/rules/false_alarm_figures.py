"""How often each rule fired on honest sessions; written by `keytrail evaluate --product` on
2026-12-01.

docs/evaluation.md is the same with intervals. Only sets and groups of at least 10 writers.
"""

from typing import Final, NamedTuple


class RuleCount(NamedTuple):
    """Alarms of a rule on the honest sessions of a set (or of one group of it) that it could judge."""

    rule: str
    dataset: str
    group: str
    value: str
    alarmed: int
    sessions: int
    writers_alarmed: int
    writers: int


# fmt: off
COUNTED: Final[tuple[RuleCount, ...]] = (
    RuleCount("external_text", "crowdwork", "", "", 1, 55, 1, 55),
    RuleCount("retyped_paste", "crowdwork", "", "", 0, 55, 0, 55),
    RuleCount("key_deficit", "crowdwork", "", "", 0, 55, 0, 55),
    RuleCount("round_trip", "crowdwork", "", "", 1, 55, 1, 55),
    RuleCount("task_copied_out", "crowdwork", "", "", 2, 55, 2, 55),
    RuleCount("source_copied", "crowdwork", "", "", 0, 55, 0, 55),
    RuleCount("machine_rhythm", "crowdwork", "", "", 0, 54, 0, 54),
    RuleCount("no_digraph_coupling", "crowdwork", "", "", 0, 23, 0, 23),
    RuleCount("impossible_speed", "crowdwork", "", "", 0, 55, 0, 55),
    RuleCount("linear_production", "crowdwork", "", "", 0, 44, 0, 44),
    RuleCount("unusual_characters", "crowdwork", "", "", 0, 55, 0, 55),
    RuleCount("log_incomplete", "crowdwork", "", "", 0, 55, 0, 55),
    RuleCount("ghost_keys", "l2essays", "", "", 0, 23, 0, 23),
    RuleCount("machine_rhythm", "l2essays", "", "", 0, 50, 0, 50),
    RuleCount("no_digraph_coupling", "l2essays", "", "", 0, 21, 0, 21),
    RuleCount("impossible_speed", "l2essays", "", "", 0, 50, 0, 50),
    RuleCount("linear_production", "l2essays", "", "", 0, 50, 0, 50),
    RuleCount("machine_rhythm", "l2essays", "first_language", "Spanish", 0, 10, 0, 10),
    RuleCount("impossible_speed", "l2essays", "first_language", "Spanish", 0, 10, 0, 10),
    RuleCount("linear_production", "l2essays", "first_language", "Spanish", 0, 10, 0, 10),
    RuleCount("linear_production", "composed essays", "", "", 1, 250, 1, 250),
    RuleCount("machine_rhythm", "composed with suggestions, waits kept", "", "", 0, 774, 0, 31),
    RuleCount("linear_production", "composed with suggestions, waits kept", "", "", 1, 753, 1, 31),
    RuleCount("machine_rhythm", "composed with suggestions, waits cut", "", "", 0, 774, 0, 31),
    RuleCount("linear_production", "composed with suggestions, waits cut", "", "", 8, 753, 2, 31),
    RuleCount("ghost_keys", "copied sentences", "", "", 0, 1163, 0, 1163),
    RuleCount("machine_rhythm", "copied sentences", "", "", 1, 1089, 1, 1089),
)
# fmt: on

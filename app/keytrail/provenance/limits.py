"""Thresholds of the analysis, with where each comes from.

Marks as in the design notes: [D] computed from field data, [L] measured in a browser lab. docs/findings.md lists
the same figures with the measured false-alarm rates.
"""

from dataclasses import dataclass, fields
from math import inf


@dataclass(frozen=True, slots=True)
class Limits:
    """All thresholds. Units are UTF-16 units, times milliseconds, shares between 0 and 1."""

    key_window_ms: int = 60
    """A keydown explains text that follows within this time; both run in the same task, so this is generous [L]."""
    key_patience_ms: int = 1000
    """The newest keydown may explain its own text this long: on an overloaded machine 60 ms were too few [L]."""
    assist_distance: int = 3
    """Largest edit distance of a spelling replacement."""
    assist_stem: int = 4
    """Letters that two words must share at the start to count as forms of one stem."""
    mobile_word: int = 32
    """Longest single word that a phone's keyboard inserts at once without composition."""
    composed_jump: int = 80
    """Text that one composition step may add; more is inserted text under the cloak of a composition."""
    moved_units: int = 3
    """Shortest text recognised as own text that moved."""
    moved_run: int = 24
    """Shortest own passage recognised inside a longer insertion."""
    source_units: int = 12
    """Shortest paste recognised as the item's without a copy event from it, so that "the" is not."""
    source_run: int = 20
    """Shortest passage of the item recognised inside a longer paste."""
    source_cover: float = 0.9
    """Share of a paste that passages of the item must cover for it to be from the item."""

    external_high_share: float = 0.5
    """Turnitin's measure of pasted text; field logs are bimodal around it [D]."""
    external_review_share: float = 0.1
    external_review_units: int = 40
    untyped_share: float = 0.05
    untyped_units: int = 30
    """Multi-character insertions are 0.027 % of people's insertions [D, CoAuthor]."""
    untyped_least_units: int = 4
    """Less is no finding however short the text: an emoji from a panel is two units."""
    untyped_touch_units: int = 80
    """On touch keyboards only a single insertion of this size counts."""
    dictation_pieces: int = 3
    dictation_piece_units: int = 200
    """A long sentence: speakers pause, and panels hand over, at least this often."""
    dictation_mean_units: float = 3.0
    """Panels hand over words; shorter pieces are a tool's characters."""
    dictation_wpm: float = 250.0
    """Speakers' means are 140 to 210 words a minute (Tauroza, Allison 1990)."""
    initial_share: float = 0.1
    initial_units: int = 40
    """As for external text at its review level."""
    retyped_run: int = 20
    retyped_units: int = 100
    """Typed text in passages of at least `retyped_run` that stand in a foreign paste; about seventeen words."""
    source_share: float = 0.5
    """24 of 43 people who pasted in the 2023 MTurk logs pasted only passages of the abstract [D]."""
    deficit_ratio: float = 0.5
    """Printable keydowns per character: 43 of 48 MTurk logs below, 5 at 0.9 or more, none between [D]."""
    deficit_units: int = 40
    """Shortest text, without copied and moved passages, to which the ratio applies."""
    round_trip_copy: float = 0.45
    """Share of the item copied in one go: 43 of 44 LLM submissions by their logs, 4 of 95 others [D]."""
    round_trip_away_ms: int = 5_000
    round_trip_return_ms: int = 60_000
    round_trip_burst_words: int = 60
    round_trip_pause_ms: int = 10_000
    """A longer pause ends a burst of typing."""

    mechanics_tick_ms: float = 5.0
    """Rules on hold times do not apply when the page's timer is coarser."""
    ghost_pairs: int = 50
    ghost_hold_ms: float = 35.0
    """Tools hold keys 0.7 to 25 ms, people 64 to 100 (median) [L]."""
    rhythm_keys: int = 150
    rhythm_log_sd: float = 0.35
    """Standard deviation of log intervals: people's minimum 0.378, 0 of 178 and 0 of 92 below 0.35 [D]."""
    rhythm_low_ms: int = 10
    rhythm_high_ms: int = 1_000
    hold_cv: float = 0.05
    handover_ms: float = 5.0
    digraph_count: int = 200
    digraph_median_ms: float = 160.0
    digraph_correlation: float = 0.05
    """Coupling with the population's digraphs: AUC 0.990 at 200 digraphs [D]."""
    speed_window: int = 50
    speed_review_wpm: float = 180.0
    speed_high_wpm: float = 250.0
    """People's best windows reach 151 words per minute in both field sets [D]."""
    capitals: int = 3
    scripted_focus_units: int = 20
    automation_severity: str = "info"
    """What it means that the browser is driven by a program: a study's policy, `info`, `review` or `high`."""

    linear_words: int = 80
    linear_pause_ms: int = 2_000
    linear_pause_share: float = 0.29
    linear_short_ms: int = 200
    linear_mean_pause_ms: float = 720.0
    """1 of 80 summaries, 0.4 % of essays; catches 52 % of transcriptions [D]."""

    reading_wpm: float = 600.0
    reading_least_ms: int = 5_000
    unusual_marks: int = 1

    unexplained_share: float = 0.1
    unexplained_units: int = 40
    """A log without edits that leaves this much of the text unexplained cannot vouch for it."""
    away_note_ms: int = 1_000
    """Shorter absences are not marked on the timeline."""
    clock_jump_ms: int = 7 * 24 * 3_600_000
    """No two events of one page load lie further apart."""
    clock_drift_ms: int = 2_000
    """Difference allowed between the sum of intervals, the performance clock and the wall clock."""

    def __post_init__(self) -> None:
        """Refuse what no rule could use: ValueError in plain words. A count may be written with a fraction of zero."""
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "automation_severity":
                if value not in {"info", "review", "high"}:
                    raise ValueError("automation_severity must be info, review or high")
            elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < inf:
                raise ValueError(f"{field.name} must be a number from 0 on")
            elif isinstance(field.default, int):
                if value != int(value):
                    raise ValueError(f"{field.name} must be a whole number")
                object.__setattr__(self, field.name, int(value))

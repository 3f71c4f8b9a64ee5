"""Limits of the analysis (its thresholds), each with its source.

Marks: [D] computed from field data, [L] measured in a browser lab. docs/findings.md has the measured false-alarm rates.
"""

from dataclasses import dataclass, fields
from math import inf

from keytrail.provenance.kinds import Severity


@dataclass(frozen=True, slots=True)
class Limits:
    """All thresholds. Lengths are UTF-16 units, times milliseconds, shares between 0 and 1."""

    key_window_ms: int = 60
    """A keydown explains text that follows within this time; both run in the same task, so this is generous [L]."""
    key_patience_ms: int = 1000
    """The newest keydown may explain its own text for this long: on an overloaded machine 60 ms were too few [L]."""
    assist_distance: int = 3
    """Largest edit distance of a spelling replacement."""
    assist_stem: int = 4
    """Letters that two words must share at the start to count as forms of one stem."""
    revised_share: float = 0.5
    """Share of a replacing text that must be unchanged, or near variants, for it to be a revision of the
    replaced text."""
    rewritten_growth: float = 2.0
    rewritten_slack: int = 20
    """A passage counts as rewritten if the new one is at most `rewritten_growth` times as long, plus up to this many
    units; otherwise it is new."""
    expanded_units: int = 100
    """Longest expansion of an abbreviation; longer ones count if they are less than half of the answer, because nobody
    keeps a whole answer as an abbreviation."""
    mobile_word: int = 32
    """Longest single word that a phone's keyboard inserts at once without composition."""
    composed_jump: int = 80
    """Text that one composition step may add; more counts as inserted text."""
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
    notes_wpm: float = 40.0
    """Pace of writing notes: text from another program may be notes if the absence was that long. Composing people have
    9 to 30 words a minute, pauses included (5th and 95th percentile of 500 essays [D])."""
    field_wpm: float = 120.0
    """Pace of typing in another field of the page, of a fast typist; pasted text from there needs that much time."""
    untyped_high_share: float = 0.5
    """As for external text. A smaller part by a tool beside own text is left to a reviewer."""
    untyped_high_units: int = 40
    """Fewer units are never more than review, however short the text: about seven words."""
    untyped_share: float = 0.1
    untyped_units: int = 40
    """As for external text at its review level."""
    untyped_least_units: int = 12
    """Fewer units are no finding, however short the text: about two words. Single characters never count."""
    untyped_touch_units: int = 80
    """On touch keyboards only a single insertion of this size without a script counts."""
    rewritten_high_share: float = 0.5
    rewritten_share: float = 0.1
    rewritten_units: int = 40
    """As for external text: about one short sentence for review, most of the text for high."""
    corrected_share: float = 0.5
    """Share of corrected words above which a text is for review; people's assistants change far less."""
    dictation_pieces: int = 1
    dictation_piece_units: int = 1_260
    """A minute of speech at 210 words, the highest of the speakers' means (Tauroza, Allison 1990): dictation programs
    that insert a whole recording at once are used for a few sentences. Ours: no data set has such recordings."""
    dictation_mean_units: float = 3.0
    """Mean length of dictated pieces: panels insert words; shorter pieces are a tool's characters."""
    dictation_wpm: float = 250.0
    """Speakers' means are 140 to 210 words a minute (Tauroza, Allison 1990)."""
    picked_ms: float = 350.0
    """Usual time between characters that are picked on an on-screen keyboard or written by hand: at most 170 a minute.
    People manage 20 to 60 with a pointer (MacKenzie, Soukoreff 2002), fast handwriters twice that."""
    pointed_ms: float = 500.0
    """Usual time between keys from which on holds are not judged: twice as fast as people are with a pointer on an
    on-screen keyboard, whose keys are released at once."""
    keyless_pieces: int = 8
    keyless_units: int = 120
    """About twenty words: fewer pieces, or less text, have no measurable pace."""
    keyless_window: int = 5
    keyless_wpm: float = 300.0
    """Faster than trained readers; speakers' means are 140 to 210 words a minute (Tauroza, Allison 1990)."""
    keyless_phrase_units: int = 15
    keyless_log_sd: float = 0.2
    """Ours: tools with a fixed delay are below 0.05; people's keys, which vary less than phrases, above 0.31 [D]. For
    review, because some recognisers hand over what was said at a fixed beat."""
    keyless_clock_log_sd: float = 0.01
    """High finding. Ours: a timer keeps its delay to a few ms; a recogniser's results take a varying time."""
    keyless_beat_ms: float = 5_000.0
    """Phrases at this distance or longer may come at even intervals. Ours: within a shorter time people who compose
    pause at least once, and a recogniser then has nothing to hand over."""
    composed_words: int = 3
    """Words that one step of a composition adds at once; input methods compose a word or two."""
    composed_units_per_key: int = 12
    """Units that one key may add by a prediction or a composition: two words. More count as text without keys, or one
    key would excuse a phrase."""
    no_key_units: int = 240
    no_key_share: float = 0.8
    """About forty words without keys."""
    no_key_units_per_press: int = 200
    """At most one key for so many units counts as hardly any: people correct and punctuate more than once in 30
    words. Ours: no data set has dictated or swiped texts."""
    initial_share: float = 0.1
    initial_units: int = 40
    """As for external text at its review level."""
    retyped_run: int = 20
    retyped_units: int = 100
    """Typed text in passages of at least `retyped_run` that match a foreign paste; about seventeen words."""
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
    ghost_hold_ms: float = 40.0
    """Tools hold keys 0.7 to 25 ms (median) [L]; of 2,167 people none below 40, the lowest 53 [D]."""
    rhythm_keys: int = 150
    rhythm_log_sd: float = 0.3
    """Standard deviation of log intervals, high finding: the lowest of 3,600 people's was 0.314 [D]."""
    rhythm_review_log_sd: float = 0.35
    """Standard deviation of log intervals, review finding."""
    hidden_log_sd: float = 0.15
    """The same for keys that an input method hides. Ours: no data set has such keys; half of people's lowest value on
    others, while tools with a fixed delay are below 0.05."""
    rhythm_low_ms: int = 10
    rhythm_high_ms: int = 1_000
    hold_cv: float = 0.05
    handover_ms: float = 5.0
    digraph_count: int = 200
    digraph_median_ms: float = 160.0
    digraph_correlation: float = 0.1
    """Rank correlation with the population's letter pairs. At 0.05, 0.10 and 0.15: 0, 2 and 4 of 3,477 honest sessions,
    78 to 83, 91 to 94 and 97 to 98 % of sessions with shuffled intervals [D]. The middle one: catching the last 5 %
    of the others would flag twice as many honest people."""
    input_method_share: float = 0.1
    """From this share of keys or text on, the rhythm is an input method's."""
    speed_window: int = 50
    speed_review_wpm: float = 180.0
    speed_high_wpm: float = 250.0
    """People's best windows reach 151 words per minute in both field sets [D]."""
    speed_high_share: float = 0.25
    """Share of the typed characters in such stretches from which on the finding is high. Ours: a text expander that
    presses keys types a phrase at once, a program the whole text."""
    capitals: int = 3
    scripted_focus_units: int = 20
    sign_keys: int = 20
    """Keys without a code that count as a sign; on-screen keyboards for single symbols cause fewer."""
    automation_severity: str = Severity.INFO.value
    """How to treat a browser that is driven by a program, as the study decides: `info`, `review` or `high`."""

    linear_words: int = 80
    linear_pause_ms: int = 2_000
    linear_short_ms: int = 200
    linear_likeness: float = 0.6
    """Likeness to copying out by the model of docs/copying-model.md from which a session is for review [D]."""
    linear_pause_share: float = 0.5
    """With a larger share of time in pauses the rule does not apply: slow typists who compose look alike
    otherwise [D]."""
    linear_deleted_share: float = 0.15
    """With a larger erased share the rule does not apply: of 250 transcriptions the most was 0.145 [D]."""

    reading_wpm: float = 600.0
    reading_least_ms: int = 5_000
    unusual_marks: int = 1

    unexplained_share: float = 0.1
    unexplained_units: int = 40
    """A log without edits that leaves this share of the text unexplained is incomplete."""
    away_note_ms: int = 1_000
    """Shorter absences are not marked on the timeline."""
    clock_jump_ms: int = 7 * 24 * 3_600_000
    """The longest time between two events of one page load."""
    clock_drift_ms: int = 2_000
    """Difference allowed between the sum of intervals, the performance clock and the wall clock."""
    ahead_ms: int = 10_000
    """By how much a log may claim more time than passed on the server: 417 real page loads were at most 0.1 s *behind*,
    6 forged ones at least 69 s ahead; ten seconds are allowed for a server whose clock is corrected."""
    ahead_high_ms: int = 30_000
    ahead_high_share: float = 0.5

    def __post_init__(self) -> None:
        """Refuse invalid thresholds with a ValueError. A count may be written with a fraction of zero."""
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "automation_severity":
                if value not in set(Severity):
                    raise ValueError("automation_severity must be info, review or high")
            elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < inf:
                raise ValueError(f"{field.name} must be a number from 0 on")
            elif isinstance(field.default, int):
                if value != int(value):
                    raise ValueError(f"{field.name} must be a whole number")
                object.__setattr__(self, field.name, int(value))

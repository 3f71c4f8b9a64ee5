"""What is known of how often each rule fires on honest writers; shown beside every finding.

The counts are those of docs/evaluation.md, in false_alarm_figures.py, which `keytrail evaluate --product` writes.
Sets by name: "crowdwork" are the Prolific submissions of 2023 that were typed by their logs and that the authors'
classifier called human; "l2essays" essays by students whose first language is not English.
"""

from collections.abc import Mapping
from typing import Final

from keytrail.provenance.rules.false_alarm_figures import COUNTED, RuleCount

_SETS: Final[Mapping[str, str]] = {
    "crowdwork": "{} typed Prolific submissions",
    "l2essays": "{} essays by second-language writers",
    "composed essays": "{} composed essays",
    "composed with suggestions, waits kept": "{} crowd sessions by {writers} writers",
    "copied sentences": "{} people of a typing test",
}
"""Sets that a sentence names, in this order; the others of docs/evaluation.md say the same people once more."""
_CAUSES: Final[Mapping[str, str]] = {
    "external_text": "Some people write in another editor and paste.",
    "untyped_text": "Insertions of several characters are 0.027 % of those that people make (CoAuthor).",
    "rewritten_text": "Whether assistants are allowed is the study's rule.",
    "corrected_throughout": "People with dyslexia may have much corrected.",
    "initial_text": "Losing the log of an earlier page load causes it.",
    "retyped_paste": "Notes of one's own, kept elsewhere, would cause it.",
    "round_trip": "It does not decide by itself.",
    "task_copied_out": "Some people copy the task and write themselves.",
    "source_copied": "It says nothing about who wrote the text.",
    "ghost_keys": "The lowest median of 2,167 people was 53 ms. Remote desktops and accessibility tools may cause it.",
    "machine_rhythm": "Of 3,600 people the lowest value was 0.314; under 0.30 nobody's.",
    "no_digraph_coupling": "Over all sessions it was tried on: 2 of 3,477 honest ones. It is off for slow typists.",
    "impossible_speed": "The fastest stretch of people in two field studies was 151 words a minute.",
    "capitals_without_shift": "Remote desktops and sticky keys may cause it.",
    "scripted_focus": "Accessibility tools may move the focus.",
    "automation": "Depends on the study's policy; some accessibility and testing setups say so as well.",
    "log_cut": "The longest honest sessions at hand reach a fifth of the limits.",
    "linear_production": "Planning, notes and drafts of one's own cause it; a few people write most of their texts so.",
    "no_reading": "People may have read the text before, or elsewhere.",
    "unusual_characters": "Some keyboards and phones make such marks by themselves.",
    "log_incomplete": "Losses happen to anybody with a poor connection.",
    "log_inconsistent": "Extensions that change pages may cause it.",
    "unspeakable_pace": "On 0 of 6 emulated dictations of a phone; people who dictate are not in the data at hand.",
    "composed_phrases": "Not measured: voice typing of the operating system causes it.",
    "log_ahead_of_time": "On 0 of 417 real page loads, of which none was ahead at all. Setting the server's clock back "
    "while sessions are open would cause it.",
    "unknown_recorder": "Expected never: pages load the recorder from this server.",
    "impossible_environment": "Expected never outside developers' emulation of phones.",
    "no_key_at_all": "Not measured: nobody in the data at hand dictated or swiped a whole text.",
    "weak_signs": "Not measured on people who use assistive tools: none of the data at hand names them. Each sign by "
    "itself is never shown.",
    "clock_anomaly": "Expected never; browsers whose timers are broken would cause it.",
    "clock_set": "Setting the clock during the task causes it. It says nothing about the text.",
    "parallel_epochs": "Opening the task twice causes it.",
}
_NO_EVENTS: Final = "No public log of honest writers has the events that this rule reads."


def _counts(rule: str) -> str:
    rows = {row.dataset: row for row in COUNTED if row.rule == rule and not row.group}
    told = [f"{rows[name].alarmed} of {_named(rows[name])}" for name in _SETS if name in rows]
    return f"On {', '.join(told)}{_by_language(rule)}." if told else _NO_EVENTS


def _named(row: RuleCount) -> str:
    return _SETS[row.dataset].format(f"{row.sessions:,}", writers=row.writers)


def _by_language(rule: str) -> str:
    """First languages of ten or more writers, named."""
    rows = [row for row in COUNTED if row.rule == rule and row.group == "first_language"]
    told = [f"{row.alarmed} of {row.writers} whose first language is {row.value}" for row in rows]
    return f" ({', '.join(told)})" if told else ""


FALSE_ALARMS: Final[Mapping[str, str]] = {
    rule: " ".join(filter(None, (_counts(rule), cause))) for rule, cause in {"key_deficit": "", **_CAUSES}.items()
}
"""One to three sentences a rule."""

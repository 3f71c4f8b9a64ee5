"""What is known of how often each rule fires on honest writers; shown beside every finding.

Field figures: the submissions at hand of the 2023 studies (33 MTurk, 112 Prolific), analysed by alignment. "Typed
sessions" are the 55 Prolific ones of at least 200 characters whose text the keys account for to 90 % or more and which
the follow-up's own classifier called human. tests/provenance/test_field.py counts again; docs/findings.md lists them.
"""

from typing import Final

_NO_LOGS: Final = "Not measured in the field: the logs of 2023 have no {}."

FALSE_ALARMS: Final = {
    "external_text": "On 1 of 55 typed sessions of 2023, where text had indeed been pasted.",
    "untyped_text": _NO_LOGS.format("input events")
    + " Insertions of several characters are 0.027 % of those that people make (CoAuthor).",
    "initial_text": "Losing the log of an earlier page load causes it.",
    "retyped_paste": "On 0 of 55 typed sessions of 2023. Notes of one's own, kept elsewhere, would cause it.",
    "key_deficit": "On 0 of 55 typed sessions of 2023.",
    "round_trip": "On 1 of 55 typed sessions of 2023. It does not decide by itself.",
    "task_copied_out": "On 2 of 55 typed sessions of 2023; some people copy the task and write themselves.",
    "source_copied": "On 0 of 55 typed sessions of 2023. It says nothing about who wrote the text.",
    "ghost_keys": _NO_LOGS.format("key releases") + " People's median holds are 64 to 100 ms.",
    "machine_rhythm": "On 0 of 80 sessions of 2023 with at least 150 keys; those logs have intervals, but no holds.",
    "no_digraph_coupling": "Not measured here. It does not apply to slow typists, who show no coupling either.",
    "impossible_speed": "On 0 of 83 sessions of 2023 with 50 typed characters; the fastest had 114 words a minute.",
    "capitals_without_shift": _NO_LOGS.format("reliable Shift") + " Remote desktops and sticky keys may cause it.",
    "scripted_focus": _NO_LOGS.format("focus events") + " Accessibility tools may move the focus.",
    "automation": "Depends on the study's policy; some accessibility and testing setups say so as well.",
    "linear_production": "On 1 of 55 typed sessions of 2023; on 0.4 % of essays that people composed.",
    "no_reading": "Not measured: people may have read the text before, or elsewhere.",
    "unusual_characters": "On 0 of 55 typed sessions of 2023. Some keyboards and phones make such marks by themselves.",
    "log_cut": "Not measured: the longest honest sessions at hand reach a fifth of the limits.",
    "log_incomplete": "Losses happen to anybody with a poor connection.",
    "log_inconsistent": "Expected never; extensions that change pages may cause it.",
    "clock_anomaly": "Setting the clock during the task causes it.",
    "parallel_epochs": "Opening the task twice causes it.",
}
"""One or two sentences per rule."""

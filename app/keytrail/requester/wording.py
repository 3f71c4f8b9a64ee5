"""The words of the dashboard for what the analysis and the reviewers say. Calm, and never about guilt."""

from collections.abc import Mapping
from dataclasses import dataclass

from keytrail.models import DecisionKind
from keytrail.review.queue.filters import OPEN, UNDECIDED, WAITING
from keytrail.sessions.confirmation import Confirmation

HONEST_LIMIT = (
    "Everything here was recorded in the worker's own browser. It shows how this text appeared on the page, not who "
    "thought of it, and a programmer can forge a consistent log. A log that comes before its time, or twice, is found; "
    "one that is played as slowly as a person writes is not. Nothing is decided automatically."
)


@dataclass(frozen=True)
class Word:
    """A label with the sentence that explains it."""

    label: str
    meaning: str


VERDICTS: Mapping[str, Word] = {
    "strong": Word("strong", "The log shows clearly that text came in other ways than by a person typing it."),
    "review": Word("review", "Something is worth a look; by itself it shows little."),
    "unverifiable": Word(
        "unverifiable", "The log is incomplete or contradicts itself, so it shows nothing either way."
    ),
    "clear": Word("clear", "Nothing in the log calls for attention."),
    WAITING: Word("being analysed", "The submission is in; its analysis is not there yet. Its page says if it failed."),
}

CLEAR_THOUGH_ARRIVED = Word(
    "clear",
    "No finding. Some text arrived without typing, in an amount or a way that is usual for people: an emoji, a phone's "
    "suggestion, a short dictation.",
)

DECISIONS: Mapping[str, Word] = {
    DecisionKind.ACCEPT: Word("Accept", "Pay, and use the text as data."),
    DecisionKind.EXCLUDE: Word("Accept, exclude from data", "Pay, but leave the text out of the data."),
    DecisionKind.SECOND_LOOK: Word("Needs a second look", "Another reviewer should see it."),
    DecisionKind.PROPOSE_REJECTION: Word("Propose rejection", "Propose not to pay. A person confirms it later."),
}

# How a decision reads once it is made.
DECIDED: Mapping[str, str] = {
    UNDECIDED: "undecided",
    DecisionKind.ACCEPT: "accepted",
    DecisionKind.EXCLUDE: "accepted, excluded from data",
    DecisionKind.SECOND_LOOK: "needs a second look",
    DecisionKind.PROPOSE_REJECTION: "rejection proposed",
    DecisionKind.WITHDRAWN: "decision taken back",
    OPEN: "waits for another reviewer",
}


def standings(wanted: int) -> Mapping[str, str]:
    """What can stand of a submission that `wanted` reviewers are to judge; also the filter's choices."""
    never = {DecisionKind.WITHDRAWN} if wanted > 1 else {DecisionKind.WITHDRAWN, OPEN}
    return {key: said for key, said in DECIDED.items() if key not in never}


ORIGINS: Mapping[str, Word] = {
    "typed": Word("typed", "Each character has a keystroke of its own."),
    "ime": Word("composed", "Typed through an input method or a phone's keyboard."),
    "assist": Word("corrected", "A word or short phrase that a spell-checker or writing assistant corrected."),
    "rewritten": Word(
        "rewritten", "The worker's own words, replaced by other words that no key made, as a writing assistant does."
    ),
    "moved": Word("moved", "The worker's own earlier text, cut, dragged, pasted or restored."),
    "source": Word("from the item", "Pasted or dropped, and it stands in the item or the instructions."),
    "external": Word(
        "from elsewhere",
        "Pasted or dropped, and it stands neither in the item nor in the worker's own text. It may be the worker's own "
        "notes or a translation.",
    ),
    "nokey": Word(
        "without keys", "Inserted by the browser or the system with no key pressed: a tool, dictation, a text expander."
    ),
    "script": Word("by a script", "Inserted by a program or a browser extension on the page."),
    "silent": Word("set silently", "The value changed and the browser reported no input at all."),
    "initial": Word("there at the start", "Stood in the answer box when recording began."),
    "unknown": Word("unknown", "The log has a gap here, or its format cannot tell."),
}

SEVERITIES: Mapping[str, str] = {"high": "high", "review": "worth a look", "info": "for information"}

RULES: Mapping[str, str] = {
    "external_text": "Text from elsewhere",
    "untyped_text": "Text without typing",
    "rewritten_text": "Own words replaced by others",
    "corrected_throughout": "Most words corrected",
    "source_copied": "Copied from the item",
    "round_trip": "Copied out, then text came in",
    "task_copied_out": "Instructions copied out",
    "shared_rhythm": "Rhythm or moment shared with other workers",
    "key_deficit": "Fewer keys than characters",
    "ghost_keys": "Key presses too short for fingers",
    "machine_rhythm": "Machine-like rhythm",
    "no_digraph_coupling": "Rhythm independent of the letters",
    "impossible_speed": "Faster than people type",
    "capitals_without_shift": "Capitals without Shift",
    "scripted_focus": "Answer box focused by a script",
    "automation": "Browser under automation",
    "linear_production": "Written in one straight line",
    "reads_synthetic": "Reads like a language model's text",
    "no_reading": "Began before the item could be read",
    "unusual_characters": "Characters that keyboards do not make",
    "cohort_outlier": "Quicker or more even than others on this item",
    "same_text": "Close to another worker's text",
    "log_incomplete": "The log is incomplete",
    "log_inconsistent": "The log contradicts itself",
    "clock_anomaly": "The times contradict themselves",
    "clock_set": "The device's clock was set back",
    "unspeakable_pace": "Faster or more even than people speak",
    "composed_phrases": "Phrases composed without keys",
    "log_ahead_of_time": "The log arrived before its time",
    "unknown_recorder": "Log of another program",
    "impossible_environment": "A browser that cannot be",
    "copied_log": "Log of another submission",
    "no_key_at_all": "Not one key on a touch screen",
    "weak_signs": "Several weak signs of a program",
    "parallel_epochs": "Two tabs at once",
    "log_cut": "Log cut at a limit",
}


# Whether a submission is the worker's whose name it bears.
CONFIRMATION: Mapping[Confirmation, str] = {
    Confirmation.CONFIRMED: "",
    Confirmation.UNCONFIRMED: "unconfirmed: the marketplace has not said that this work is this worker's, so it counts "
    "against nobody",
    Confirmation.UNCONFIRMABLE: "",
}


# What a user may do in the whole installation, by the name of the right.
RIGHTS: Mapping[str, str] = {
    "create_studies": "create studies",
    "spend": "publish and pay",
    "operator": "give rights and set budgets",
}

# What the audit log calls each thing that was done.
DONE: Mapping[str, str] = {
    "accept invitation": "accepted an invitation",
    "allow password reset": "created a password link",
    "decide": "decided",
    "edit study": "changed the settings",
    "erase worker": "erased a worker",
    "free places": "freed the places of workers who did not come back",
    "export": "exported",
    "invite": "invited somebody",
    "keep worker out": "excluded a worker",
    "let worker in": "readmitted a worker",
    "make links": "created signed links",
    "payment_cancel": "cancelled a payment action",
    "payment_failed": "sent a payment action, which was refused",
    "payment_mark_done": "marked a payment action as done",
    "payment_no_answer": "sent a payment action, and got no answer",
    "payment_queue": "queued a payment action",
    "payment_send": "started to send a payment action",
    "payment_sent": "sent a payment action",
    "payment_unsure": "sent a payment action, which may or may not be done",
    "platform_options": "changed the platform's settings",
    "read events": "read raw events by the API",
    "remove item": "removed an item",
    "revoke link": "revoked a link",
    "set role": "gave a role",
    "set state": "opened, paused or closed the study",
    "take evidence file": "downloaded an evidence file",
    "train classifier": "trained the classifier",
}


def done(action: str) -> str:
    """What was done, in words; an action without words of its own is shown by its id."""
    return DONE.get(action) or action.replace("_", " ")


def rule_title(rule: str) -> str:
    """A finding's short name; a rule without one of its own is shown by its id in words."""
    return RULES.get(rule) or rule.replace("_", " ").capitalize()


def origin_word(origin: str) -> Word:
    """A label for any origin, also one of a newer analysis."""
    return ORIGINS.get(origin) or Word(origin, "")

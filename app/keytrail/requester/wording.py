"""The dashboard's words for verdicts, origins, decisions, rights and audit actions; neutral, never about guilt."""

from collections.abc import Mapping
from dataclasses import dataclass

from keytrail.models import AuditAction, DecisionKind
from keytrail.provenance import Origin, Severity, Verdict
from keytrail.review.queue.filters import DISAGREED, OPEN, UNDECIDED, WAITING
from keytrail.sessions.confirmation import Confirmation

HONEST_LIMIT = (
    "Everything here was recorded in the worker's own browser. It shows how this text appeared on the page, not who "
    "thought of it, and a programmer can forge a consistent log. A log that claims more time than has passed, or is "
    "sent twice, is detected; one that is played at a person's pace is not. Nothing is decided automatically."
)


@dataclass(frozen=True)
class Word:
    """A label with the sentence that explains it."""

    label: str
    meaning: str


VERDICTS: Mapping[str, Word] = {
    Verdict.STRONG: Word("strong", "The log shows clearly that text came in other ways than by a person typing it."),
    Verdict.REVIEW: Word("review", "Something is worth a look; by itself it shows little."),
    Verdict.UNVERIFIABLE: Word(
        "unverifiable", "The log is incomplete or contradicts itself, so it is no evidence either way."
    ),
    Verdict.CLEAR: Word("clear", "Nothing in the log calls for attention."),
    WAITING: Word("not analysed yet", "The analysis is not finished. The submission's page says if it failed."),
}

ANALYSIS_FAILED = Word("analysis failed", "The submission could not be analysed. Its page gives the reason.")

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

# The wording of a decision in the history.
DECIDED: Mapping[str, str] = {
    UNDECIDED: "undecided",
    DecisionKind.ACCEPT: "accepted",
    DecisionKind.EXCLUDE: "accepted, excluded from data",
    DecisionKind.SECOND_LOOK: "needs a second look",
    DecisionKind.PROPOSE_REJECTION: "rejection proposed",
    DecisionKind.WITHDRAWN: "decision undone",
    OPEN: "waits for another reviewer",
    DISAGREED: "reviewers disagree",
}


def decision_states(wanted: int) -> Mapping[str, str]:
    """Return the states that a submission can be in if `wanted` reviewers judge it; also the choices of the filter."""
    never = {DecisionKind.WITHDRAWN} if wanted > 1 else {DecisionKind.WITHDRAWN, OPEN, DISAGREED}
    return {key: text for key, text in DECIDED.items() if key not in never}


ORIGINS: Mapping[str, Word] = {
    Origin.TYPED: Word("typed", "Each character has a keystroke of its own."),
    Origin.IME: Word("composed", "Typed through an input method or a phone's keyboard."),
    Origin.ASSIST: Word("corrected", "A word or short phrase that a spell-checker or writing assistant corrected."),
    Origin.REWRITTEN: Word(
        "rewritten", "The worker's own words, replaced by other words that no key made, as a writing assistant does."
    ),
    Origin.MOVED: Word("moved", "The worker's own earlier text, cut, dragged, pasted or restored."),
    Origin.SOURCE: Word("from the item", "Pasted or dropped, and found in the item or the instructions."),
    Origin.EXTERNAL: Word(
        "from elsewhere",
        "Pasted or dropped, and found neither in the item nor in the worker's own text. It may be the worker's own "
        "notes or a translation.",
    ),
    Origin.NOKEY: Word(
        "without keys", "Inserted by the browser or the system with no key pressed: a tool, dictation, a text expander."
    ),
    Origin.SCRIPT: Word("by a script", "Inserted by a program or a browser extension on the page."),
    Origin.SILENT: Word("set silently", "The value changed and the browser reported no input at all."),
    Origin.INITIAL: Word("there at the start", "In the answer box when recording began."),
    Origin.UNKNOWN: Word("unknown", "The log has a gap here, or its format cannot tell."),
}

SEVERITIES: Mapping[str, str] = {
    Severity.HIGH: "high",
    Severity.REVIEW: "worth a look",
    Severity.INFO: "for information",
}

# Whether a submission belongs to the worker whose id it carries.
CONFIRMATION: Mapping[Confirmation, str] = {
    Confirmation.CONFIRMED: "",
    Confirmation.UNCONFIRMED: "unconfirmed: the marketplace has not said that this work is this worker's, so it counts "
    "against nobody",
    Confirmation.UNCONFIRMABLE: "",
}


# A user's rights in the installation, by the name of the right.
RIGHTS: Mapping[str, str] = {
    "create_studies": "create studies",
    "spend": "publish and pay",
    "operator": "grant rights and set budgets",
}

# The audit log's wording of each action.
DONE: Mapping[AuditAction, str] = {
    AuditAction.ACCEPT_INVITATION: "accepted an invitation",
    AuditAction.ADD_NOTIFICATION: "added a notification",
    AuditAction.ALLOW_PASSWORD_RESET: "created a password link",
    AuditAction.ANSWER_OBJECTION: "answered an objection",
    AuditAction.ARCHIVE_STUDY: "archived the study",
    AuditAction.DECIDE: "decided",
    AuditAction.DELETE_STUDY: "deleted a study",
    AuditAction.DUPLICATE_STUDY: "duplicated a study",
    AuditAction.EDIT_ITEM: "changed an item",
    AuditAction.EDIT_STUDY: "changed the settings",
    AuditAction.ERASE_WORKER: "erased a worker",
    AuditAction.EXPORT: "exported",
    AuditAction.FREE_PLACES: "released the places of workers who did not return",
    AuditAction.INVITE: "invited somebody",
    AuditAction.LINK_ACCOUNT: "linked an account to the institution's",
    AuditAction.MAKE_SIGN_IN_LINK: "created a sign-in link",
    AuditAction.UNLINK_ACCOUNT: "unlinked an account from the institution's",
    AuditAction.END_ACCESS: "signed somebody out whom the institution no longer lets in",
    AuditAction.EXCLUDE_WORKER: "excluded a worker",
    AuditAction.READMIT_WORKER: "readmitted a worker",
    AuditAction.MAKE_LINKS: "created signed links",
    AuditAction.OBJECT: "objected to a decision",
    AuditAction.PAYMENT_CANCEL: "cancelled a payment action",
    AuditAction.PAYMENT_FAILED: "sent a payment action, which was refused",
    AuditAction.PAYMENT_MARK_DONE: "marked a payment action as done",
    AuditAction.PAYMENT_NO_ANSWER: "sent a payment action, and got no answer",
    AuditAction.PAYMENT_QUEUE: "queued a payment action",
    AuditAction.PAYMENT_SEND: "started to send a payment action",
    AuditAction.PAYMENT_SENT: "sent a payment action",
    AuditAction.PAYMENT_UNSURE: "sent a payment action, which may or may not be done",
    AuditAction.PLATFORM_OPTIONS: "changed the platform's settings",
    AuditAction.READ_EVENTS: "read raw events through the API",
    AuditAction.READ_IDENTITIES: "looked up platform ids",
    AuditAction.REMOVE_ITEM: "removed an item",
    AuditAction.REMOVE_NOTIFICATION: "removed a notification",
    AuditAction.RENAME_STUDY: "changed the study's address",
    AuditAction.RESTORE_ITEM: "restored an item",
    AuditAction.RESTORE_MEMBER: "restored a member",
    AuditAction.RESTORE_NOTIFICATION: "restored a notification",
    AuditAction.RESTORE_STUDY: "restored the study from the archive",
    AuditAction.REVOKE_LINK: "revoked a link",
    AuditAction.SET_RIGHTS: "changed a user's rights",
    AuditAction.SET_ROLE: "changed a role",
    AuditAction.SET_SERVER_BUDGET: "set the server's budget",
    AuditAction.SET_STATE: "opened, paused or closed the study",
    AuditAction.SUBSCRIBE_MESSAGES: "subscribed to the platform's messages",
    AuditAction.TAKE_EVIDENCE_FILE: "downloaded an evidence file",
    AuditAction.TRAIN_CLASSIFIER: "trained the classifier",
    AuditAction.TRANSFER_STUDY: "transferred the study",
}


def done(action: str) -> str:
    """Return an action in words; one of an older version is shown by its id."""
    return DONE[AuditAction(action)] if action in set(AuditAction) else action.replace("_", " ")


def origin_word(origin: str) -> Word:
    """Return a label for any origin, also one of a newer analysis."""
    return ORIGINS.get(origin) or Word(origin, "")

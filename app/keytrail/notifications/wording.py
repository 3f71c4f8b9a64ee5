"""Wording of messages, for the notifications page and for mail."""

from collections.abc import Mapping
from typing import Any, Final

from keytrail.models import MessageKind
from keytrail.provenance.formatting import count

EVENTS: Final[Mapping[MessageKind, str]] = {
    MessageKind.COMPLETE: "All places are submitted",
    MessageKind.FLAGGED: "The share of flagged submissions is high",
    MessageKind.PAYMENTS: "Payments wait to be sent",
    MessageKind.BUDGET: "The budget is nearly used up",
}
"""The conditions that a study can be notified of, in the order of the form."""

_PAGES: Final[Mapping[MessageKind, str]] = {
    MessageKind.COMPLETE: "overview",
    MessageKind.FLAGGED: "queue",
    MessageKind.PAYMENTS: "payments",
    MessageKind.BUDGET: "platform",
    MessageKind.TEST: "notifications",
}


def event_name(kind: MessageKind) -> str:
    """Return a message's subject in a few words."""
    return EVENTS.get(kind) or {MessageKind.TEST: "Test", MessageKind.PASSWORD: "New password"}[kind]


def sentence(kind: MessageKind, data: Mapping[str, Any]) -> str:
    """Return a study's message as a sentence."""
    match kind:
        case MessageKind.COMPLETE:
            return f"{count(data['submitted'], 'submission')} for {count(data['places'], 'place')}: the study is full."
        case MessageKind.FLAGGED:
            verb = "is" if data["flagged"] == 1 else "are"
            return (
                f"{data['flagged']:,} of {count(data['analysed'], 'analysed submission')} {verb} flagged "
                f"({data['percent']} %). A flag is a reason to look, and does not say that a worker did wrong."
            )
        case MessageKind.PAYMENTS:
            return f"{count(data['waiting'], 'payment action')} to send or check."
        case MessageKind.BUDGET:
            return f"{data['percent']} % of the study's budget is committed."
    return "This is a test. Messages about this study arrive here."


def page_of(kind: MessageKind) -> str:
    """Return the page of the study on which to act."""
    return _PAGES[kind]

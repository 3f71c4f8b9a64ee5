"""Messages of the Platform and Payments pages after an action.

An address names one of these messages and at most two numbers, so a crafted link cannot inject text into our page.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from keytrail.models import ActionState
from keytrail.platform_actions.sender import SendResult
from keytrail.provenance.formatting import count

_MESSAGES: Mapping[str, str] = {
    "saved": "Saved.",
    "budget": "The budget was set.",
    "no_budget": "There is no budget limit.",
    "study_published": "The study is published: workers can take part by the link below.",
    "study_opened": "The study is published. Workers find it once its HITs are published, too: next on this page.",
    "published": "{hits} published.",
    "extended": "Places added.",
    "expired": "Ended: nobody else can take part.",
    "drafted": "The draft is created. Nobody sees it yet, and it costs nothing.",
    "launched": "Published.",
    "paused": "Paused: nobody new can take part until you resume.",
    "resumed": "Resumed.",
    "chosen": "Changed. It waits to be sent.",
    "left_waiting": "{done:,} done. {left:,} not done: Payments shows the reason for each.",
    "sent": "{done:,} sent.",
    "not_sent": "{done:,} sent. {left:,} not sent: the list shows the reason for each.",
    "sent_elsewhere": "{done:,} sent now. {left:,} not sent a second time: you or another owner sent them already, or "
    "they are being sent now.",
    "cancelled": "Cancelled; nothing was sent.",
    "done": "{actions} marked as done.",
    "feedback": "The worker will be told this.",
    "bonus": "The bonus waits to be sent.",
    "message": "The message waits to be sent.",
    "excluded": "The worker is excluded from your further studies. Finished work is not affected.",
    "compared": "Compared with the platform: {statuses} new, {places_left} released.",
    "freed": "{places} released. Texts that arrive late are still accepted.",
    "waits": "It waits to be sent.",
}
_MOST_DIGITS = 6


def address(page: str, message: str, done: int = 0, left: int = 0) -> str:
    """Return the address of a page with this message. Raises KeyError for an unknown one."""
    if message not in _MESSAGES:
        raise KeyError(message)
    return f"{page}?{urlencode({'notice': message, 'done': done, 'left': left})}"


def notice_text(query: Mapping[str, str]) -> str:
    """Return the message that an address names; empty for anything else."""
    message = _MESSAGES.get(query.get("notice", ""), "")
    done, left = _number(query.get("done", "")), _number(query.get("left", ""))
    return message.format(
        done=done,
        left=left,
        hits=count(done, "HIT"),
        actions=count(done, "action"),
        places=count(done, "place"),
        statuses=count(done, "status was", "statuses were"),
        places_left=count(left, "place"),
    )


def sent_address(page: str, sent: Sequence[SendResult], all_done: str, some_left: str) -> str:
    """Return an address as `address` does, with a message for the case that all was sent, or that some was not.

    What somebody else or an earlier click has sent is counted apart from what was refused.
    """
    elsewhere = sum(one.elsewhere for one in sent)
    done = sum(one.state == ActionState.SENT and not one.elsewhere for one in sent)
    if elsewhere and done + elsewhere == len(sent):
        return address(page, "sent_elsewhere", done, elsewhere)
    return address(page, all_done if done == len(sent) else some_left, done, len(sent) - done)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0

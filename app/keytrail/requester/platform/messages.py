"""What the platform's and the payments' page say after something was done.

An address names one of these messages and at most two numbers. So a link that somebody made cannot put words of theirs
on our page.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from keytrail.models import ActionState
from keytrail.platform_actions.sender import SendResult
from keytrail.provenance.formatting import count

_MESSAGES: Mapping[str, str] = {
    "saved": "Saved.",
    "budget": "The budget is set.",
    "no_budget": "There is no budget limit.",
    "study_published": "The study is published: workers can take part by the link below.",
    "published": "{hits} published.",
    "extended": "Places added.",
    "expired": "The HIT has ended: nobody else can accept it.",
    "left_waiting": "{hits} done. {left:,} not done: under Payments the reason stands beside each.",
    "sent": "{done:,} sent.",
    "not_sent": "{done:,} sent. {left:,} not sent: the reason stands beside each.",
    "sent_elsewhere": "{done:,} sent now. {left:,} not sent a second time: you or another owner sent them already, or "
    "they are being sent at this moment.",
    "cancelled": "Cancelled; nothing was sent.",
    "done": "{actions} marked as done.",
    "feedback": "The worker will be told this.",
    "bonus": "The bonus waits to be sent.",
    "message": "The message waits to be sent.",
    "excluded": "The worker is excluded from your further studies. What is done already stays as it is.",
    "compared": "Compared with the platform: {done:,} statuses were new, {left:,} places became free.",
    "freed": "{places} freed. A text that comes late is taken all the same.",
    "waits": "It waits to be sent.",
}
_MOST_DIGITS = 6


def address(page: str, message: str, done: int = 0, left: int = 0) -> str:
    """The address of a page that will say this."""
    if message not in _MESSAGES:
        raise KeyError(message)
    return f"{page}?{urlencode({'told': message, 'done': done, 'left': left})}"


def said(query: Mapping[str, str]) -> str:
    """The message that an address names; empty for anything else."""
    message = _MESSAGES.get(query.get("told", ""), "")
    done, left = _number(query.get("done", "")), _number(query.get("left", ""))
    return message.format(
        done=done, left=left, hits=count(done, "HIT"), actions=count(done, "action"), places=count(done, "place")
    )


def sent_address(page: str, sent: Sequence[SendResult], all_done: str, some_left: str) -> str:
    """As `address`, after sending: one message if all was sent, another if some was not.

    What somebody else sent, or an earlier click, is told apart from what was refused.
    """
    elsewhere = sum(one.elsewhere for one in sent)
    done = sum(one.state == ActionState.SENT and not one.elsewhere for one in sent)
    if elsewhere and done + elsewhere == len(sent):
        return address(page, "sent_elsewhere", done, elsewhere)
    return address(page, all_done if done == len(sent) else some_left, done, len(sent) - done)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0

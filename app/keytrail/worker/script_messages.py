"""Messages of the task page's script, embedded in the page: no request and no inline script."""

from collections.abc import Mapping

from keytrail.language import Language, Message, message
from keytrail.models import LengthUnit, Study
from keytrail.sessions.submission import EMPTY, TOO_LONG, TOO_SHORT
from keytrail.studies.briefing import COPYING, PASTING

Sayings = Mapping[str, str | Mapping[str, str]]

_FIXED: Mapping[str, Message] = {
    "empty": EMPTY,
    "short": TOO_SHORT,
    "long": TOO_LONG,
    "no_paste": PASTING,
    "no_copy": COPYING,
    "over": message("%(count)s, %(over)s too many"),
    "under": message("%(count)s, at least %(under)s more to go"),
    "within": message("%(count)s of at most %(most)s"),
    "saving": message("Saving…"),
    "saved": message("Saved"),
    "offline": message("Offline: your text is kept on this page and will be sent when the connection returns"),
    "looking": message("Looking for your text…"),
    "back": message("Your text from before is here"),
    "stopped": message("Nothing more is recorded on this page; you can still submit"),
    "replaced": message(
        "Something on this page, perhaps an extension, replaced the answer box. What you write there is not recorded; "
        "you can still submit"
    ),
    "waiting": message("No answer from the server. Your text is kept on this page; trying again in %(seconds)s s"),
    "sending": message("Sending your text…"),
    "failed": message("Something went wrong on this page. Your text is still in the box; please try again."),
    "unsent": message("Not submitted yet"),
    "done": message("Thank you. Your text is in."),
    "receipt": message("Receipt %(receipt)s"),
    "question": message("One question is left…"),
    "close": message("You can close this page."),
    "push": message("Press here if nothing happens"),
    "own_copy": message("Your copy of what was recorded"),
    "save_link": message("Save this link if you want to come back to it."),
    "copy": message("Copy"),
    "copied": message("Copied"),
    "selected": message("Selected: press Ctrl or ⌘ and C"),
}


def script_messages(study: Study, language: Language) -> Sayings:
    """Return the messages by the script's names for them; `length` has a form for each plural category."""
    if study.length_unit == LengthUnit.WORDS:
        length = language.forms("%(count)s word", "%(count)s words")
    else:
        length = language.forms("%(count)s character", "%(count)s characters")
    return {"length": length} | {name: language.text(sentence) for name, sentence in _FIXED.items()}

"""The standard consent text: a sentence for everything that the recorder sends, in the study's language."""

from collections.abc import Mapping

from keytrail.language import Language, Message, languages, message

_FIRST = message("While you write, this page records **how your text comes into being**:")
RECORDED: Mapping[Message, frozenset[str]] = {
    message(
        "the keys you press in the answer box, with their times, where the caret is and what you select"
    ): frozenset("kus"),
    message("every change of the text, and the text itself when you begin, while you write and when you submit"): (
        frozenset("einz")
    ),
    message("what you copy, cut, paste or drop on this page, with the pasted text"): frozenset("cxpd"),
    message("when your keyboard or input method puts characters together"): frozenset("m"),
    message("when you enter and leave the answer box and this page"): frozenset("fva"),
    message(
        "how much you move, click and scroll with the pointer, and which part of the source text was in view for how "
        "long"
    ): frozenset("qg"),
    message(
        "facts about your browser: its name and version, language, time zone, window size, timer, how this page was "
        "opened, and whether it has a touch screen or is controlled by a program"
    ): frozenset("E"),
}
"""What is recorded, with the types of the corresponding events (docs/wire-format.md)."""
_LAST = (
    message(
        "It is used to study how texts are written, and to show the researchers which parts were typed. The times of "
        "keys can identify a person, so they are treated as personal data."
    ),
    message("Nothing outside this page is recorded: no other windows, no other keys, no camera, no microphone."),
    message("You may stop at any time and return the task; what was recorded is then deleted."),
)


def standard_consent(language: Language) -> str:
    """Return the whole text in Markdown."""
    items = "\n".join(f"- {language.text(item)}" for item in RECORDED)
    return "\n\n".join((language.text(_FIRST), items, *map(language.text, _LAST))) + "\n"


def in_language(consent: str, language: Language) -> str:
    """Return a consent text to store: the standard text in the study's language, any other unchanged."""
    standards = {standard_consent(known).strip() for known in languages()}
    return standard_consent(language) if consent.strip() in {"", *standards} else consent

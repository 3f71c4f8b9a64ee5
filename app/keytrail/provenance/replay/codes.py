"""Take away the codes of keys that a program presses under the name of one key.

On a Mac a program can press any character; the browser reports each with the code of the first key, KeyA. Screen
sharing, text expanders, dictation programs and Vietnamese input methods do this. Such a key has no place on the
keyboard, as one without a code.
"""

from typing import Final

from keytrail.provenance.replay.trace import Down, Press
from keytrail.provenance.wire.events import KeyFlag

_MODIFIERS: Final = KeyFlag.SHIFT | KeyFlag.CTRL | KeyFlag.ALT | KeyFlag.META | KeyFlag.ALT_GRAPH
_LETTERS: Final = 8
"""A key makes one letter in each layout or script that its writer switches to; nobody switches between nine."""


def without_false_codes(presses: list[Press]) -> None:
    """Take the code from the presses of keys that made more different letters than any key can, without modifiers."""
    letters: dict[str, set[str]] = {}
    for press in presses:
        code, key, flags = press.event.code, press.event.key if type(press) is Down else "", press.event.flags
        if code and len(key) == 1 and key.isalpha() and not flags & _MODIFIERS:
            letters.setdefault(code, set()).add(key.casefold())
    false = {code for code, made in letters.items() if len(made) > _LETTERS}
    for at, press in enumerate(presses):
        if press.event.code in false:
            presses[at] = _without_code(press)


def _without_code(press: Press) -> Press:
    # Said twice, as each kind of press has an event type of its own.
    if isinstance(press, Down):
        return press._replace(event=press.event._replace(code=""))
    return press._replace(event=press.event._replace(code=""))

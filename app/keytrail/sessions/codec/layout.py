"""The layout of the US keyboard, from which form 2 predicts a key's name by its code. Part of a stored form: never
change it.
"""

from typing import Final

_ROWS: Final = (
    ("Backquote", "`~"), ("Digit1", "1!"), ("Digit2", "2@"), ("Digit3", "3#"), ("Digit4", "4$"), ("Digit5", "5%"),
    ("Digit6", "6^"), ("Digit7", "7&"), ("Digit8", "8*"), ("Digit9", "9("), ("Digit0", "0)"), ("Minus", "-_"),
    ("Equal", "=+"), ("BracketLeft", "[{"), ("BracketRight", "]}"), ("Backslash", "\\|"), ("Semicolon", ";:"),
    ("Quote", "'\""), ("Comma", ",<"), ("Period", ".>"), ("Slash", "/?"), ("Space", " "),
    *((f"Key{letter}", letter.lower() + letter) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
)  # fmt: skip

CODE_OF: Final = {char: code for code, chars in _ROWS for char in chars}
"""The code (KeyboardEvent.code) of each printable ASCII character."""

MODIFIERS: Final = {
    "ShiftLeft": 4, "ShiftRight": 4, "ControlLeft": 8, "ControlRight": 8, "AltLeft": 16, "AltRight": 16,
    "MetaLeft": 32, "MetaRight": 32,
}  # fmt: skip
"""The key flag of wire format 1 that each modifier sets while it is down."""

KEYS: Final = (
    *((code, char) for char, code in CODE_OF.items()),
    ("Enter", "Enter"), ("Backspace", "Backspace"), ("Delete", "Delete"), ("Tab", "Tab"), ("Escape", "Escape"),
    ("ArrowLeft", "ArrowLeft"), ("ArrowRight", "ArrowRight"), ("ArrowUp", "ArrowUp"), ("ArrowDown", "ArrowDown"),
    ("Home", "Home"), ("End", "End"), ("PageUp", "PageUp"), ("PageDown", "PageDown"), ("Insert", "Insert"),
    ("CapsLock", "CapsLock"), ("ShiftLeft", "Shift"), ("ShiftRight", "Shift"), ("ControlLeft", "Control"),
    ("ControlRight", "Control"), ("AltLeft", "Alt"), ("AltRight", "Alt"), ("AltRight", "AltGraph"),
    ("MetaLeft", "Meta"), ("MetaRight", "Meta"), ("ContextMenu", "ContextMenu"), ("NumpadEnter", "Enter"),
    ("IntlBackslash", "<"), ("IntlBackslash", ">"), ("", "Unidentified"), ("", "Process"),
)  # fmt: skip
"""Pairs of KeyboardEvent.code and .key. A stored number is an index into this list of at most 256."""

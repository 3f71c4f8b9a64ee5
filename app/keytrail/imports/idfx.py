"""Read Inputlog logs (IDFX, Leijten & Van Waes): XML with keydown and keyup times and, with Word, positions in the
text.

An IDFX file does not contain the text, so it is rebuilt from the keys. Where the file has no positions the caret
follows the arrow keys; clicks are then not seen, so the order of the text may differ from the writer's, its amount
hardly. Format as seen in files of Inputlog 7 to 9; public files contain control characters that XML 1.0 forbids.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from keytrail.errors import ImportFailed
from keytrail.imports.rebuilding import REPEAT_MS, Rebuilt, is_word, tick_of
from keytrail.imports.recognising import refuse_other
from keytrail.imports.storing import ImportedSession
from keytrail.models import WIRE_1
from keytrail.provenance import to_units
from keytrail.provenance.wire.events import KeyFlag
from keytrail.text_files import read_text

_FORBIDDEN: Final = re.compile(r"&#(?:x0*[0-8bcefBCEF]|x0*1[0-9a-fA-F]|0*[0-8]|0*1[124-9]|0*2[0-9]|0*3[01]);")
_SHIFTS: Final = frozenset({"VK_LSHIFT", "VK_RSHIFT", "VK_SHIFT"})
_CONTROLS: Final = frozenset({"VK_LCONTROL", "VK_RCONTROL", "VK_CONTROL"})
_NAMED: Final = {
    "VK_BACK": "Backspace",
    "VK_DELETE": "Delete",
    "VK_RETURN": "Enter",
    "VK_CAPITAL": "CapsLock",
    "VK_LEFT": "ArrowLeft",
    "VK_RIGHT": "ArrowRight",
    "VK_UP": "ArrowUp",
    "VK_DOWN": "ArrowDown",
    "VK_HOME": "Home",
    "VK_END": "End",
    **dict.fromkeys(_SHIFTS, "Shift"),
    **dict.fromkeys(_CONTROLS, "Control"),
    **dict.fromkeys(("VK_LMENU", "VK_RMENU", "VK_MENU"), "Alt"),
}
_MOVES: Final = {"VK_LEFT": -1, "VK_RIGHT": 1, "VK_HOME": -(10**9), "VK_END": 10**9}
_REPEAT_START_MS: Final = 700
"""A held key repeats after 250 to 500 ms; Inputlog gives all but the last of its events no duration."""


@dataclass(frozen=True, slots=True)
class _Stroke:
    """One event: a key with its text, or (`key` empty) a text that replaced `start` to `end`."""

    at_ms: int
    up_ms: int
    key: str
    text: str
    place: int | None
    held: frozenset[str]
    end: int | None = None


def read_idfx(path: Path, now: datetime) -> list[ImportedSession]:
    """Return the session of a file (.idfx or .idfx.gz). Raises ImportFailed if it is none."""
    refuse_other(path, "idfx", "an Inputlog file (IDFX)")
    root = _root(path)
    strokes = list(_strokes(root))
    if not any(stroke.key for stroke in strokes):
        raise ImportFailed(f"{path} holds no keyboard events, so there is nothing to analyse.", [])
    about = {_text(entry, "key"): _text(entry, "value") for entry in root.iter("entry")}
    name = path.name.removesuffix(".gz").removesuffix(".idfx")
    rebuilt = _rebuilt(strokes, about.get("Text Language", "").lower())
    return [
        ImportedSession(
            session=name,
            worker=about.get("Participant") or name,
            item_text="",
            text=rebuilt.text,
            epochs=[rebuilt.events()],
            log_format=WIRE_1,
            submitted_at=now,
        )
    ]


def _root(path: Path) -> ET.Element:
    # Forbidden characters first: without them, what is left may declare entities.
    text = _FORBIDDEN.sub("", read_text(path))
    # Entities of its own can make a small file huge; Inputlog writes none.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ImportFailed(
            f"{path} is not an Inputlog file (IDFX): it declares entities. Save the session in Inputlog again.", []
        )
    try:
        root = ET.fromstring(text)  # noqa: S314 - no entities, see above
    except ET.ParseError as error:
        line, _ = error.position
        raise ImportFailed(
            f"{path} is not an Inputlog file (IDFX): its XML is broken at line {line}. "
            "Copy it or save it in Inputlog again.",
            [],
        ) from None
    if root.tag != "log" or root.find("event") is None:
        raise ImportFailed(f"{path} is XML, but not an Inputlog file (IDFX): it has no <log> with <event>s.", [])
    return root


def _text(parent: ET.Element | None, tag: str) -> str:
    return (parent.findtext(tag) or "") if parent is not None else ""


def _strokes(root: ET.Element) -> Iterator[_Stroke]:
    now = 0
    for event in root.iter("event"):
        parts = {part.get("type"): part for part in event.iter("part")}
        word, window = parts.get("wordlog"), parts.get("winlog")
        now = _number(window, "startTime") or now
        kind = event.get("type")
        if kind == "keyboard" and window is not None:
            held = frozenset(key.text or "" for key in window.iter("key"))
            key, up = _text(window, "key"), _number(window, "endTime")
            text = "\n" if key == "VK_RETURN" else _text(window, "value")
            yield _Stroke(now, now if up is None else up, key, text, _number(word, "position"), held - {key})
        elif kind == "replacement":
            start, end = _number(word, "start"), _number(word, "end")
            if start is not None:
                yield _Stroke(now, now, "", _text(word, "newtext"), start, frozenset(), max(start, end or 0))
        elif kind == "insert":
            place = _number(word, "position")
            if place is not None:
                yield _Stroke(now, now, "", _text(word, "after"), place, frozenset(), place)


def _number(part: ET.Element | None, tag: str) -> int | None:
    try:
        return int(_text(part, tag))
    except ValueError:
        return None


def _rebuilt(strokes: Sequence[_Stroke], language: str) -> Rebuilt:
    holds = [s.up_ms - s.at_ms for s in strokes if s.up_ms > s.at_ms]
    environment = {"lang": language} if language.isascii() and language else {}
    rebuilt = Rebuilt("inputlog", **tick_of(holds), **environment)
    # A document may contain text before the writer begins; positions count from where they do.
    base = next((stroke.place for stroke in strokes if stroke.place is not None), 0)
    caret = 0
    repeating = ""
    for stroke, following in zip(strokes, [*strokes[1:], None], strict=True):
        caret = caret if stroke.place is None else max(0, min(stroke.place - base, rebuilt.length))
        if not stroke.key:
            caret = _insert(rebuilt, stroke, caret)
            continue
        repeating = _press(rebuilt, stroke, following, repeating)
        caret = _act(rebuilt, stroke, caret)
    return rebuilt


def _insert(rebuilt: Rebuilt, stroke: _Stroke, caret: int) -> int:
    gone = (stroke.end or 0) - (stroke.place or 0)
    add = rebuilt.complete if is_word(stroke.text) else rebuilt.paste
    add(stroke.at_ms, caret, gone, stroke.text)
    return caret + len(to_units(stroke.text))


def _press(rebuilt: Rebuilt, stroke: _Stroke, following: _Stroke | None, repeating: str) -> str:
    """Log the key; return its name if its next event will be a repeat of the same hold."""
    flags = KeyFlag.SHIFT * bool(_SHIFTS & stroke.held) | KeyFlag.CTRL * _is_shortcut(stroke)
    if repeating == stroke.key:
        flags |= KeyFlag.REPEAT
    elif len(stroke.text) == 1 and stroke.text.isupper() and not flags & KeyFlag.SHIFT:
        flags |= KeyFlag.CAPS_LOCK
    rebuilt.down(stroke.at_ms, _NAMED.get(stroke.key) or stroke.text or "Unknown", stroke.key, flags)
    wait = None if following is None else following.at_ms - stroke.at_ms
    unended = stroke.up_ms <= stroke.at_ms
    again = wait is not None and following is not None and following.key == stroke.key
    if again and unended and wait is not None and wait < (REPEAT_MS if repeating else _REPEAT_START_MS):
        return stroke.key
    if not unended:
        rebuilt.up(stroke.up_ms, stroke.key)
    return ""


def _is_shortcut(stroke: _Stroke) -> bool:
    alternative = bool(stroke.held & {"VK_RMENU", "VK_LMENU", "VK_MENU"})
    return bool(_CONTROLS & stroke.held) and not alternative and stroke.key not in _NAMED


def _act(rebuilt: Rebuilt, stroke: _Stroke, caret: int) -> int:
    """Apply the key to the text; return the new position of the caret."""
    if stroke.key == "VK_BACK":
        rebuilt.change(stroke.at_ms, caret - 1, min(1, caret), "", "deleteContentBackward")
        return max(0, caret - 1)
    if stroke.key == "VK_DELETE":
        rebuilt.change(stroke.at_ms, caret, 1, "", "deleteContentForward")
        return caret
    if stroke.key in _MOVES:
        return max(0, min(rebuilt.length, caret + _MOVES[stroke.key]))
    if not stroke.text or stroke.key in _NAMED.keys() - {"VK_RETURN"} or _is_shortcut(stroke):
        return caret
    cause = "insertLineBreak" if stroke.text == "\n" else "insertText"
    rebuilt.change(stroke.at_ms, caret, 0, stroke.text, cause)
    return caret + len(to_units(stroke.text))

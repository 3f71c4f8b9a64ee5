"""Write a session in Inputlog's format (IDFX) for other tools: keys, times, positions, and text inserted otherwise."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final
from xml.etree import ElementTree as ET

from keytrail.provenance.wire.events import KeyFlag

_NAMED: Final[Mapping[str, str]] = {
    "Space": "VK_SPACE",
    "Enter": "VK_RETURN",
    "NumpadEnter": "VK_RETURN",
    "Backspace": "VK_BACK",
    "Delete": "VK_DELETE",
    "Tab": "VK_TAB",
    "ArrowLeft": "VK_LEFT",
    "ArrowRight": "VK_RIGHT",
    "ArrowUp": "VK_UP",
    "ArrowDown": "VK_DOWN",
    "Home": "VK_HOME",
    "End": "VK_END",
    "ShiftLeft": "VK_LSHIFT",
    "ShiftRight": "VK_RSHIFT",
    "ControlLeft": "VK_LCONTROL",
    "ControlRight": "VK_RCONTROL",
    "AltLeft": "VK_LMENU",
    "AltRight": "VK_RMENU",
    "CapsLock": "VK_CAPITAL",
    "Comma": "VK_OEM_COMMA",
    "Period": "VK_OEM_PERIOD",
    "Minus": "VK_OEM_MINUS",
    "Equal": "VK_OEM_PLUS",
    "Semicolon": "VK_OEM_1",
    "Slash": "VK_OEM_2",
    "Backquote": "VK_OEM_3",
    "BracketLeft": "VK_OEM_4",
    "Backslash": "VK_OEM_5",
    "BracketRight": "VK_OEM_6",
    "Quote": "VK_OEM_7",
}
_LETTER: Final = re.compile(r"(?:Key|Digit)([A-Z0-9])")
_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BACKWARD: Final = "deleteContentBackward"

Events = Sequence[Sequence[Any]]


def idfx_of(session: Mapping[str, Any]) -> str:
    """Return the XML of one session of `sessions_in_wire`; page loads follow each other."""
    root = ET.Element("log")
    about = ET.SubElement(root, "meta")
    _entry(about, "__LogProgramVersion", "keytrail")
    _entry(about, "__LogFileName", f"{session['session']}.idfx")
    person = ET.SubElement(root, "session")
    _entry(person, "Participant", str(session["worker"]))
    start_ms = 0
    for epoch in session["epochs"]:
        start_ms = _epoch(root, epoch["events"], start_ms)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _entry(parent: ET.Element, key: str, value: str) -> None:
    entry = ET.SubElement(parent, "entry")
    ET.SubElement(entry, "key").text = key
    ET.SubElement(entry, "value").text = value


def _epoch(root: ET.Element, events: Events, start_ms: int) -> int:
    times = list(accumulate((event[0] for event in events), initial=start_ms))[1:]
    taken: set[int] = set()
    for at, (event, at_ms) in enumerate(zip(events, times, strict=True)):
        if event[1] == "k" and not event[4] & KeyFlag.UNTRUSTED:
            made = _made_by(events, at)
            if made is not None:
                taken.add(made)
            _keyboard(root, event, (at_ms, _up_ms(events, times, at)), None if made is None else events[made])
        elif event[1] == "e" and at not in taken:
            _replacement(root, event, at_ms)
    return times[-1] if times else start_ms


def _made_by(events: Events, at: int) -> int | None:
    """Return the change that a key made: the next edit before any other key, if it is of one character."""
    for place in range(at + 1, len(events)):
        kind = events[place][1]
        if kind == "k":
            return None
        if kind == "e":
            _, _, _, deleted, came, cause, *_ = events[place]
            typed = came == _value(events[at]) and cause in {"insertText", "insertLineBreak"} and not deleted
            erased = not came and deleted == 1 and events[at][3] in {"Backspace", "Delete"}
            return place if typed or erased else None
    return None


def _up_ms(events: Events, times: Sequence[int], at: int) -> int:
    code = events[at][2]
    for place in range(at + 1, len(events)):
        if events[place][1] == "u" and events[place][2] == code:
            return times[place]
        if events[place][1] == "k" and events[place][2] == code:
            break
    return times[at]


def _value(event: Sequence[Any]) -> str:
    key = event[3]
    return "\n" if key == "Enter" else key if len(key) == 1 else ""


def _keyboard(root: ET.Element, event: Sequence[Any], times: tuple[int, int], change: Sequence[Any] | None) -> None:
    element = ET.SubElement(root, "event", type="keyboard", id=str(len(root)))
    if change is not None:
        pos = change[2] + (change[3] if change[5] == _BACKWARD else 0)
        _part(element, "wordlog", position=str(pos), replay="True")
    window = _part(
        element,
        "winlog",
        startTime=str(times[0]),
        endTime=str(times[1]),
        key=_virtual_key(event),
        value=_legal(_value(event)),
    )
    state = ET.SubElement(window, "keyboardstate")
    for name in _held(event[4]):
        ET.SubElement(state, "key").text = name


def _held(flags: int) -> Iterator[str]:
    for flag, name in ((KeyFlag.SHIFT, "VK_LSHIFT"), (KeyFlag.CTRL, "VK_LCONTROL"), (KeyFlag.ALT, "VK_LMENU")):
        if flags & flag:
            yield name


def _virtual_key(event: Sequence[Any]) -> str:
    code, key = event[2], event[3]
    if code.startswith("VK_"):
        return str(code)
    letter = _LETTER.fullmatch(code)
    if letter:
        return f"VK_{letter.group(1)}"
    if code in _NAMED or key in _NAMED:
        return _NAMED.get(code) or _NAMED[key]
    return f"VK_{key.upper()}" if len(key) == 1 and key.isascii() and key.isalnum() else "VK_PACKET"


def _replacement(root: ET.Element, event: Sequence[Any], at_ms: int) -> None:
    _, _, pos, deleted, came, *_ = event
    element = ET.SubElement(root, "event", type="replacement", id=str(len(root)))
    _part(element, "wordlog", start=str(pos), end=str(pos + deleted), newtext=_legal(came))
    _part(element, "winlog", startTime=str(at_ms), endTime=str(at_ms))


def _part(parent: ET.Element, kind: str, **values: str) -> ET.Element:
    part = ET.SubElement(parent, "part", type=kind)
    for name, value in values.items():
        ET.SubElement(part, name).text = value
    return part


def _legal(text: str) -> str:
    """Remove characters that XML 1.0 cannot contain."""
    return _ILLEGAL.sub("", text)

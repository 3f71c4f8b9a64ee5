"""Form 2: typical keystrokes as a few bits each, everything else as deflated JSON.

02 | length of the bits in bytes (LEB128) | the bits | events that were not predicted, as deflated JSON

The bits are a sequence of symbols of one prefix code. A character stands for a keydown and the edit that it makes at
the caret, each with its time. Other symbols are keys that are released or change no text, caret moves, checkpoints,
corrections of what was predicted (flags, caret), and "take the next event from the JSON". A keystroke takes about 30
bits.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from keytrail.sessions.codec.bits import Numbers, from_bytes, leb128, read_leb128, to_bytes
from keytrail.sessions.codec.deflated import Deflated
from keytrail.sessions.codec.layout import KEYS
from keytrail.sessions.codec.strokes import STROKE_OF_KEY, STROKES, Hands, Stroke
from keytrail.sessions.codec.symbols import (
    CARET,
    CHECK,
    END,
    FLAG_BITS,
    FLAGS,
    HASH_BITS,
    KEY_BITS,
    MOVE,
    ODD,
    POSITION,
    PRESS,
    RELEASE,
    SYMBOLS,
    UNTIL_EDIT,
    UNTIL_KEY,
    UNTIL_OTHER,
    UNTIL_UP,
    UP,
)

FORM: Final = b"\x02"

_CODES: Final = SYMBOLS.codes
_PRESSES: Final = {pair: _CODES[PRESS] + f"{number:0{KEY_BITS}b}" for number, pair in enumerate(KEYS)}
# A code's first pair stands for it: whichever letter a key made, the same key is released.
_RELEASES: Final = {
    code: _CODES[RELEASE] + f"{number:0{KEY_BITS}b}" for number, (code, _) in reversed(list(enumerate(KEYS)))
}
_UPS: Final = [_CODES[up] for up in UP]
_DOWN, _OTHER = 5, 4
_FLAGS: Final = 1 << FLAG_BITS
_TIME: Final = 1 << 31  # 24 days; more, or negative, is stored as JSON
_ODD_EVENTS: Final = Deflated(
    '"insertReplacementText","insertCompositionText",6],"deleteContentForward",2],"deleteWordBackward",2],"deleteByCut",'
    '"deleteByDrag","insertFromDrop",2],"insertFromPaste",2],"historyUndo",2],"historyRedo",2],"silent",0],'
    '"text/plain","text/html"],0],"hidden"],"visible"],"Unidentified",0],'
    '[0,"E",{"v":"1.0","ua":"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 '
    "(Macintosh; Intel Mac OS X 10_15_7) (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    "(Linux; Android 10; K) (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    'Safari/537.36","lang":"en-US","tz":"America/Europe/Berlin","vw":1280,"vh":720,"touch":0,"pointer":"fine",'
    '"webdriver":false,"tick":0.1,"nav":"navigate","visible":true,"focused":true,"framed":true}],'
    '[0,"i","server","browser","empty",0,2166136261],[0,"a","pointer"],[0,"c","source","instructions","answer","other",'
    '[0,"p",[0,"f",0,"answer",1],[0,"f",1,"window",0],[0,"s",[0,"g",0,420,1000],[300,"q",12,340,1,0,0,45]]'
)


class Packed(NamedTuple):
    """A stored form, and the events that were not predicted, each with its index in the batch.

    `plain_bytes` is the size when read: the bits, and the other events as JSON.

    Predicted events have the shape of wire format 1 by construction, so only the others need to be checked.
    """

    body: bytes
    odd: list[tuple[int, Any]]
    plain_bytes: int


def pack(events: Sequence[Any]) -> Packed:
    """Return the stored form of JSON events, which may be any JSON values."""
    writer = _Writer()
    body = writer.write(events)
    return Packed(body, writer.odd, writer.plain_bytes)


def read(stored: bytes) -> list[Any]:
    """Return the events of a body without its first byte. Raises ValueError if it is damaged."""
    try:
        return list(_Reader(stored).events())
    except IndexError as error:
        raise ValueError(f"a stored batch is damaged: {error!r}") from None


class _Writer:
    """Turn events into bits and collect what is not predicted."""

    def __init__(self) -> None:
        self.odd: list[tuple[int, Any]] = []
        self.plain_bytes = 0
        self._bits: list[str] = []
        self._hands = Hands()

    def write(self, events: Sequence[Any]) -> bytes:
        following = [*events[1:], None]
        index = 0
        while index < len(events):
            event = events[index]
            taken = 0
            if type(event) is list:
                if len(event) == _DOWN:
                    taken = self._stroke(event, following[index]) or self._press(event)
                elif len(event) == _OTHER:
                    taken = self._up(event) or self._place(event)
            index += taken or self._keep(index, event)
        self._bits.append(_CODES[END])
        bits = to_bytes("".join(self._bits))
        odd, plain = _ODD_EVENTS.write([event for _, event in self.odd]) if self.odd else (b"", 0)
        self.plain_bytes = len(bits) + plain
        return FORM + leb128(len(bits)) + bits + odd

    def _stroke(self, event: list[Any], edit: Any) -> int:
        """Write a key and the edit that it makes. Most events are such pairs, so the check is inlined instead of
        calling _is_key.
        """
        dt, kind, code, key, flags = event
        if kind != "k" or not (type(dt) is type(flags) is int and type(code) is type(key) is str):
            return 0
        stroke = STROKE_OF_KEY.get((code, key))
        if stroke is None or type(edit) is not list or edit[3:] != stroke.tail or edit[1] != "e":
            return 0
        edit_dt, _, position, gone, _, _, edit_flags = edit
        # As in _whole: a value equal to a number need not be one.
        if not (type(edit_dt) is type(position) is type(gone) is type(edit_flags) is int):
            return 0
        if not (0 <= dt < _TIME and 0 <= flags < _FLAGS and 0 <= edit_dt < _TIME and 0 <= position < _TIME):
            return 0
        hands = self._hands
        if position != hands.caret + stroke.before:
            self._bits += _CODES[CARET], POSITION[position - stroke.before]
        hands.caret = position + stroke.after
        if flags != (predicted := hands.down(code, flags)):
            self._correct(flags, predicted)
        self._bits += _CODES[stroke.char], UNTIL_KEY[dt], UNTIL_EDIT[edit_dt]
        return 2

    def _press(self, event: list[Any]) -> int:
        """Write a key that changes no text."""
        dt, kind, code, key, flags = event
        if kind != "k" or not _is_key(dt, code, flags) or type(key) is not str or (code, key) not in _PRESSES:
            return 0
        self._correct(flags, self._hands.down(code, flags))
        self._bits += _PRESSES[code, key], UNTIL_KEY[dt]
        return 1

    def _up(self, event: list[Any]) -> int:
        dt, kind, code, flags = event
        if kind != "u" or not (type(dt) is type(flags) is int and type(code) is str):
            return 0
        if not (0 <= dt < _TIME and 0 <= flags < _FLAGS):
            return 0
        held = self._hands.held
        if code in held and (place := held.index(code)) < len(UP):
            symbol = _UPS[place]
        elif code in _RELEASES:
            symbol = _RELEASES[code]
        else:
            return 0
        if flags != (predicted := self._hands.up(code, flags)):
            self._correct(flags, predicted)
        self._bits += symbol, UNTIL_UP[dt]
        return 1

    def _place(self, event: list[Any]) -> int:
        dt, kind, place, other = event
        if not (_whole(dt) and _whole(place)):
            return 0
        if kind == "s" and type(other) is int and other == place:
            self._hands.caret = place
            self._bits += _CODES[MOVE], UNTIL_OTHER[dt], POSITION[place]
            return 1
        if kind == "n" and _whole(other, 1 << HASH_BITS):
            self._bits += _CODES[CHECK], UNTIL_OTHER[dt], POSITION[place], f"{other:0{HASH_BITS}b}"
            return 1
        return 0

    def _correct(self, flags: int, predicted: int) -> None:
        if flags != predicted:
            self._bits += _CODES[FLAGS], f"{flags:0{FLAG_BITS}b}"

    def _keep(self, index: int, event: Any) -> int:
        self.odd.append((index, event))
        self._bits.append(_CODES[ODD])
        return 1


class _Reader:
    """Read the bits in the order in which they were written."""

    def __init__(self, stored: bytes) -> None:
        size, start = read_leb128(stored)
        self._bits = from_bytes(stored[start : start + size])
        self._at = 0
        odd = stored[start + size :]
        self._odd = _ODD_EVENTS.read(odd)[::-1] if odd else []
        self._hands = Hands()
        self._flags: int | None = None

    def events(self) -> Iterator[Any]:
        while (symbol := self._symbol()) != END:
            stroke = STROKES.get(symbol)
            if stroke is not None:
                yield from self._stroke(stroke)
            elif symbol == FLAGS:
                self._flags = self._fixed(FLAG_BITS)
            elif symbol == CARET:
                self._hands.caret = self._number(POSITION)
            else:
                yield self._other(symbol)

    def _other(self, symbol: str) -> Any:
        if symbol in UP:
            return self._up(self._hands.held[UP.index(symbol)])
        if symbol == RELEASE:
            return self._up(KEYS[self._fixed(KEY_BITS)][0])
        if symbol == PRESS:
            return self._down(*KEYS[self._fixed(KEY_BITS)])
        if symbol == MOVE:
            dt = self._number(UNTIL_OTHER)
            self._hands.caret = self._number(POSITION)
            return [dt, "s", self._hands.caret, self._hands.caret]
        if symbol == CHECK:
            return [self._number(UNTIL_OTHER), "n", self._number(POSITION), self._fixed(HASH_BITS)]
        return self._odd.pop()

    def _stroke(self, stroke: Stroke) -> Iterator[Any]:
        yield self._down(stroke.code, stroke.key)
        position = self._hands.caret + stroke.before
        yield [self._number(UNTIL_EDIT), "e", position, *stroke.tail]
        self._hands.caret = position + stroke.after

    def _down(self, code: str, key: str) -> list[Any]:
        given, self._flags = self._flags, None
        predicted = self._hands.down(code, given)
        return [self._number(UNTIL_KEY), "k", code, key, predicted if given is None else given]

    def _up(self, code: str) -> list[Any]:
        given, self._flags = self._flags, None
        predicted = self._hands.up(code, given)
        return [self._number(UNTIL_UP), "u", code, predicted if given is None else given]

    def _symbol(self) -> str:
        symbol, self._at = SYMBOLS.read(self._bits, self._at)
        return symbol

    def _number(self, numbers: Numbers) -> int:
        number, self._at = numbers.read(self._bits, self._at)
        return number

    def _fixed(self, width: int) -> int:
        start, self._at = self._at, self._at + width
        return int(self._bits[start : self._at], 2)


def _whole(value: Any, beyond: int = _TIME) -> bool:
    # type, not isinstance: JSON's true is a Python int, and 1.0 equals 1.
    return type(value) is int and 0 <= value < beyond


def _is_key(dt: Any, code: Any, flags: Any) -> bool:
    """Return whether a key's time, code and flags are valid in wire format 1."""
    return type(dt) is type(flags) is int and type(code) is str and 0 <= dt < _TIME and 0 <= flags < _FLAGS

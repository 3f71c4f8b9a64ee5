"""Wire format 1: typed events with the shape of every field.

This is the only definition on the Python side. docs/wire-format.md explains the meanings; decoding.py reads the arrays
and schema.py writes docs/wire-format-1.schema.json, both from the annotations below.

All text is UTF-16 units (units.py), all lengths and positions count units, `dt` and times are milliseconds.
"""

from typing import Annotated, Final, NamedTuple

from keytrail.provenance.wire.shapes import SAFE, Flag, ListOf, Number, ObjectOf, OneOf, Shape, Text, Whole

INSERTED_MOST = 1_000_000
"""Characters in one edit. A batch is at most 256 kB, so only imported sessions come near."""

CLIPBOARD_MOST = 4_000
"""Stored characters of a paste or drop; its length and hash always cover the whole."""

Dt = Annotated[int, Whole(-SAFE, SAFE)]
"""Milliseconds since the previous event. Negative or enormous values have the right shape: they are a clock anomaly."""
Units = Annotated[int, Whole(0, SAFE)]
Offset = Annotated[int, Whole(-1, SAFE)]
Hash = Annotated[int, Whole(0, 2**32 - 1)]
Bit = Annotated[int, Whole(0, 1)]
Measure = Annotated[float, Number(-SAFE, SAFE)]
Name = Annotated[str, Text(128)]
Where = Annotated[str, OneOf(frozenset({"source", "instructions", "answer", "other"}))]
Clip = Annotated[str, Text(CLIPBOARD_MOST)]
Pair = Annotated[tuple[int, int], ListOf(Whole(0, SAFE), 2, 2)]


class KeyFlag:
    """Bits of the flags of `k` and `u`; plain numbers, because they are tested on every event."""

    UNTRUSTED: Final = 1
    REPEAT: Final = 2
    SHIFT: Final = 4
    CTRL: Final = 8
    ALT: Final = 16
    META: Final = 32
    COMPOSING: Final = 64
    CAPS_LOCK: Final = 128
    ALT_GRAPH: Final = 256


class EditFlag:
    """Bits of the flags of `e`."""

    UNTRUSTED: Final = 1
    BEFOREINPUT: Final = 2
    COMPOSING: Final = 4
    DIFFERS: Final = 8


class PasteFlag:
    """Bits of the flags of `p`."""

    UNTRUSTED: Final = 1
    PREVENTED: Final = 2


KeyFlags = Annotated[int, Whole(0, 511)]
EditFlags = Annotated[int, Whole(0, 15)]
PasteFlags = Annotated[int, Whole(0, 3)]

_SIZE = Number(0, 1_000_000)
ENVIRONMENT: Final[dict[str, Shape]] = {
    "v": Text(64),
    "ua": Text(1024),
    "lang": Text(64),
    "tz": Text(64),
    "vw": _SIZE,
    "vh": _SIZE,
    "touch": Whole(0, 1_000),
    "pointer": OneOf(frozenset({"fine", "coarse", "none"})),
    "webdriver": Flag(),
    "tick": Number(0, 1_000_000),
    "nav": Text(64),
    "visible": Flag(),
    "focused": Flag(),
    "framed": Flag(),
}
"""Keys of the environment object. Others are refused: nothing is collected only to tell browsers apart."""


class Start(NamedTuple):
    """`E`: once, first in an epoch; the environment object by its wire keys."""

    dt: Dt
    environment: Annotated[dict[str, object], ObjectOf(ENVIRONMENT, ("v",))]


class Initial(NamedTuple):
    """`i`: value of the answer box when recording starts."""

    dt: Dt
    source: Annotated[str, OneOf(frozenset({"empty", "server", "browser"}))]
    length: Units
    hash: Hash


class KeyDown(NamedTuple):
    """`k`: keydown in the answer box."""

    dt: Dt
    code: Name
    key: Name
    flags: KeyFlags


class KeyUp(NamedTuple):
    """`u`: keyup."""

    dt: Dt
    code: Name
    flags: KeyFlags


class Edit(NamedTuple):
    """`e`: at `pos`, `deleted` units were removed and `inserted` came in."""

    dt: Dt
    pos: Units
    deleted: Units
    inserted: Annotated[str, Text(INSERTED_MOST)]
    cause: Name
    flags: EditFlags
    selection: Pair | None = None


class Select(NamedTuple):
    """`s`: caret or selection moved without an edit."""

    dt: Dt
    start: Units
    end: Units


class Copy(NamedTuple):
    """`c`: text was copied; positions are -1 if unknown."""

    dt: Dt
    where: Where
    start: Offset
    end: Offset
    length: Units
    hash: Hash


class Cut(NamedTuple):
    """`x`: text was cut; the deletion follows as an edit."""

    dt: Dt
    where: Where
    start: Offset
    end: Offset
    length: Units
    hash: Hash


class Paste(NamedTuple):
    """`p`: a paste; the insertion follows as an edit with cause insertFromPaste."""

    dt: Dt
    length: Units
    hash: Hash
    text: Clip
    types: Annotated[tuple[str, ...], ListOf(Text(256), 0, 64)]
    flags: PasteFlags


class Drop(NamedTuple):
    """`d`: a drop; `internal` is 1 if the drag started in this page."""

    dt: Dt
    length: Units
    hash: Hash
    text: Clip
    internal: Bit


class Composition(NamedTuple):
    """`m`: composition starts (1) or ends (0)."""

    dt: Dt
    state: Bit


class Focus(NamedTuple):
    """`f`: focus (1) or blur (0) of the window or of the answer box."""

    dt: Dt
    state: Bit
    target: Annotated[str, OneOf(frozenset({"window", "answer"}))]
    has_focus: Bit


class Visibility(NamedTuple):
    """`v`: page visibility."""

    dt: Dt
    state: Annotated[str, OneOf(frozenset({"hidden", "visible", "pagehide", "pageshow-persisted", "freeze"}))]


class Pointer(NamedTuple):
    """`q`: what the pointer did in the last second; distance and jump in CSS pixels."""

    dt: Dt
    moves: Measure
    distance: Measure
    clicks: Measure
    wheel: Measure
    touches: Measure
    jump: Measure


class Arrival(NamedTuple):
    """`a`: how the answer box got the focus."""

    dt: Dt
    how: Annotated[str, OneOf(frozenset({"pointer", "tab", "touch", "script"}))]


class Reading(NamedTuple):
    """`g`: scroll offset and visible height of the item in CSS pixels, milliseconds it was visible."""

    dt: Dt
    top: Measure
    height: Measure
    visible_ms: Measure


class Checkpoint(NamedTuple):
    """`n`: length and hash of the whole value."""

    dt: Dt
    length: Units
    hash: Hash


class End(NamedTuple):
    """`z`: the last event of a submitting epoch."""

    dt: Dt
    events: Units
    length: Units
    hash: Hash
    perf_ms: Measure
    wall_ms: Measure


Event = (
    Start
    | Initial
    | KeyDown
    | KeyUp
    | Edit
    | Select
    | Copy
    | Cut
    | Paste
    | Drop
    | Composition
    | Focus
    | Visibility
    | Pointer
    | Arrival
    | Reading
    | Checkpoint
    | End
)
"""One event of any class."""

VOCABULARY: Final[dict[str, type[Event]]] = {
    "E": Start,
    "i": Initial,
    "k": KeyDown,
    "u": KeyUp,
    "e": Edit,
    "s": Select,
    "c": Copy,
    "x": Cut,
    "p": Paste,
    "d": Drop,
    "m": Composition,
    "f": Focus,
    "v": Visibility,
    "q": Pointer,
    "a": Arrival,
    "g": Reading,
    "n": Checkpoint,
    "z": End,
}
"""Event classes by their type on the wire."""

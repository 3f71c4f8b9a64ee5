"""Print the time of decoding, analysing and replaying a log: `python -m benchmarks.analysis_cost`.

It asserts nothing, because a busy machine would make it fail. The targets are 50 ms for 10,000 events and 0.6 s for
100,000, decoding and analysis together. Only `typing` is realistic; the other kinds are worst cases, among them the
slowest of 44 kinds that were tried. An event of theirs may change hundreds of characters, so each line also says how
many times typing it costs for each event and changed character together; tests/provenance/test_hard_logs.py bounds it.
"""

import random
import sys
from collections.abc import Callable, Iterator
from time import process_time

from keytrail.provenance import EpochLog, WritingLog, analyse, decode_all, fnv1a32, playback
from keytrail.web.gc_tuning import keep_startup_objects

CHROMIUM = "Mozilla/5.0 Chrome/140.0.0.0"
Raw = list[object]
ITEM = "An item. " * 200
PAGE_LOADS = 500
"""Of a writing session: the server opens no more (KEYTRAIL_PAGE_LOADS_PER_SESSION)."""
HASHED = 20_000
"""Checkpoints stop at this length: making them would take most of the time."""


class Box:
    """A text box that turns edits into wire events, for several page loads."""

    def __init__(self) -> None:
        self.text = ""
        self.epochs: list[list[Raw]] = []
        self.earlier = self.changed = 0
        self.load("empty", fnv1a32(""))

    @property
    def events(self) -> list[Raw]:
        """The events of the current page load."""
        return self.epochs[-1]

    @property
    def size(self) -> int:
        """The number of events of all page loads."""
        return self.earlier + len(self.events)

    @property
    def work(self) -> int:
        """Events and changed characters."""
        return self.size + self.changed

    def load(self, source: str, state: int) -> None:
        """Begin a page load with the current text, whose hash is `state`."""
        self.earlier += len(self.events) if self.epochs else 0
        start: list[Raw] = [[0, "E", {"v": "bench", "ua": CHROMIUM, "tick": 0.1}]]
        self.epochs.append([*start, [0, "i", source, len(self.text), state]])

    def edit(self, pos: int, gone: int, came: str, cause: str) -> None:
        """Change the text and log it, with checkpoints."""
        self.text = self.text[:pos] + came + self.text[pos + gone :]
        self.events.append([1, "e", pos, gone, came, cause, 2])
        self.changed += gone + len(came)
        if len(self.events) % 100 == 0 and len(self.text) < HASHED:
            self.events.append([0, "n", len(self.text), fnv1a32(self.text)])

    def key(self, pos: int, char: str) -> None:
        """Type one character."""
        self.events.append([90, "k", f"Key{char.upper()}", char, 0])
        self.edit(pos, 0, char, "insertText")
        self.events.append([70, "u", f"Key{char.upper()}", 0])


def typing(box: Box, rng: random.Random) -> None:
    """Type at the end, with an occasional backspace."""
    if box.text and rng.random() < 0.05:  # noqa: PLR2004 - one key in twenty
        box.edit(len(box.text) - 1, 1, "", "deleteContentBackward")
    else:
        box.key(len(box.text), rng.choice("etaoin shrdlu"))


def ends(box: Box, rng: random.Random) -> None:
    """Type at both ends of a long text in turn."""
    if not box.text:
        box.edit(0, 0, "lorem ipsum " * 8000, "insertFromPaste")
    box.key(rng.choice((0, len(box.text))), "a")


def scattered(box: Box, rng: random.Random) -> None:
    """Edit anywhere in a long text."""
    if not box.text:
        box.edit(0, 0, "lorem ipsum " * 8000, "insertFromPaste")
    at = rng.randrange(len(box.text))
    box.edit(at, 1, "", "deleteContentForward")
    box.key(at, "x")


def storm(box: Box, rng: random.Random) -> None:
    """Paste once, then undo and redo often and at random."""
    cause = rng.choice(("historyUndo", "historyRedo"))
    if box.text:
        box.edit(0, len(box.text), "", cause)
    else:
        box.edit(0, 0, "some words that were pasted once " * 3, "insertFromPaste" if box.size == 2 else cause)  # noqa: PLR2004 - only the page was loaded


def pastes(box: Box, rng: random.Random) -> None:
    """Paste short foreign texts, all different."""
    box.events.append([900, "p", 40, rng.randrange(2**32), "", ["text/plain"], 0])
    box.edit(rng.randrange(len(box.text) + 1), 0, f"{rng.random()} {rng.random()}", "insertFromPaste")


def scripts(box: Box, rng: random.Random) -> None:
    """Insert words anywhere in the text without any event."""
    box.edit(rng.randrange(len(box.text) + 1), 0, f"{rng.random()}", "silent")


def corrections(box: Box, rng: random.Random) -> None:
    """Replace letters anywhere, so that each edit may be a correction of a word."""
    if not box.text:
        box.edit(0, 0, " ".join(f"w{number}" for number in range(500)), "insertFromPaste")
    box.edit(rng.randrange(len(box.text) - 3), 3, f"wx{rng.randrange(9)}", "insertReplacementText")


def quotations(box: Box, rng: random.Random) -> None:
    """Paste passages of the item, each with other text at its end."""
    at = rng.randrange(500)
    box.edit(len(box.text), 0, f"{ITEM[at : at + 60]}{rng.random()}", "insertFromPaste")


def reloads(box: Box, _rng: random.Random) -> None:
    """Load the page repeatedly with a long text."""
    if not box.text:
        box.edit(0, 0, "lorem ipsum " * 2000, "insertFromPaste")
        box.events.append([0, "n", len(box.text), fnv1a32(box.text)])
    box.load("server", box.events[-1][-1])  # type: ignore[arg-type]
    box.events.append([0, "f", 0, "window", 0])
    box.events.append([0, "n", *box.events[1][3:]])


def edited_loads(box: Box, rng: random.Random) -> None:
    """Change a long text anywhere and load the page, again and again."""
    if not box.text:
        box.edit(0, 0, "lorem ipsum " * 200, "insertFromPaste")
    box.key(rng.randrange(len(box.text)), "a")
    box.load("server", fnv1a32(box.text))


def allowed_loads(box: Box, rng: random.Random) -> None:
    """As `edited_loads`, but no more page loads than the server allows, then typing in the middle."""
    if len(box.epochs) < PAGE_LOADS:
        edited_loads(box, rng)
    else:
        box.key(len(box.text) // 2, rng.choice("etaoin shrdlu"))


def overwrites(box: Box, rng: random.Random) -> None:
    """Paste a long text over another, all different."""
    box.edit(0, len(box.text), f"{rng.random()} " * 20, "insertFromPaste")


KINDS: tuple[Callable[[Box, random.Random], None], ...] = (
    *(typing, ends, scattered, storm, pastes),
    *(scripts, corrections, quotations, reloads),
    *(edited_loads, allowed_loads, overwrites),
)


def recorded(kind: Callable[[Box, random.Random], None], size: int) -> Box:
    """A log of one kind with at least so many events."""
    box, rng = Box(), random.Random(1)
    while box.size < size:
        kind(box, rng)
    return box


def measure(kind: Callable[[Box, random.Random], None], size: int, of_typing: dict[int, float]) -> Iterator[str]:
    """Return milliseconds for decoding, analysing and replaying `size` events of one kind.

    `of_typing` is typing's cost by size, and is filled by the first call.
    """
    box = recorded(kind, size)
    start = process_time()
    log = WritingLog([EpochLog(decode_all(events)) for events in box.epochs], box.text, ITEM)
    decoded = process_time()
    report = analyse(log)
    analysed = process_time()
    played = playback(log)
    done = process_time()
    yield f"{kind.__name__:12} {box.size:8,} events  decode {1000 * (decoded - start):7.1f} ms"
    yield f"  analyse {1000 * (analysed - decoded):7.1f} ms  play back {1000 * (done - analysed):7.1f} ms"
    each = (analysed - start) / box.work
    yield f"  {each / of_typing.setdefault(size, each):4.1f} times typing"
    origins = {origin.value: units for origin, units in report.origins.items()}
    yield f"  {report.verdict} {origins}, {len(played.steps):,} steps"


def main() -> None:
    """Print one line for every kind and size, with the garbage collector set as in the server."""
    keep_startup_objects()
    of_typing: dict[int, float] = {}
    for size in (10_000, 100_000):
        for kind in KINDS:
            sys.stdout.write("".join(measure(kind, size, of_typing)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

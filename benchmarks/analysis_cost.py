"""Prints what decoding and analysing a log costs, by kind of session: `python -m benchmarks.analysis_cost`.

No assertion is made here: a busy machine would break it. The design's targets are 50 ms for 10,000 events and 0.6 s
for 100,000.
"""

import random
import sys
from collections.abc import Callable, Iterator
from time import process_time

from app.provenance import EpochLog, WritingLog, analyse, decode_all, fnv1a32
from app.web.garbage import keep_startup_objects

CHROMIUM = "Mozilla/5.0 Chrome/140.0.0.0"
Raw = list[object]
START = 2
HASHED = 20_000
"""Checkpoints stop at this length: making them is what would take long here."""


class Box:
    """A text box that turns edits into wire events."""

    def __init__(self) -> None:
        self.text = ""
        self.events: list[Raw] = [
            [0, "E", {"v": "bench", "ua": CHROMIUM, "tick": 0.1}],
            [0, "i", "empty", 0, 0x811C9DC5],
        ]

    def edit(self, pos: int, gone: int, came: str, cause: str) -> None:
        """Change the text and log it; checkpoints come with it."""
        self.text = self.text[:pos] + came + self.text[pos + gone :]
        self.events.append([1, "e", pos, gone, came, cause, 2])
        if len(self.events) % 100 == 0 and len(self.text) < HASHED:
            self.events.append([0, "n", len(self.text), fnv1a32(self.text)])

    def key(self, pos: int, char: str) -> None:
        """Type one character."""
        self.events.append([90, "k", f"Key{char.upper()}", char, 0])
        self.edit(pos, 0, char, "insertText")
        self.events.append([70, "u", f"Key{char.upper()}", 0])


def typing(box: Box, rng: random.Random) -> None:
    """Type at the end, now and then a backspace."""
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
    """Paste once, then undo and redo, often and at random."""
    cause = rng.choice(("historyUndo", "historyRedo"))
    if box.text:
        box.edit(0, len(box.text), "", cause)
    else:
        box.edit(0, 0, "some words that were pasted once " * 3, cause if len(box.events) > START else "insertFromPaste")


def pastes(box: Box, rng: random.Random) -> None:
    """Paste short foreign texts, all different."""
    box.events.append([900, "p", 40, rng.randrange(2**32), "", ["text/plain"], 0])
    box.edit(rng.randrange(len(box.text) + 1), 0, f"{rng.random()} {rng.random()}", "insertFromPaste")


KINDS: tuple[Callable[[Box, random.Random], None], ...] = (typing, ends, scattered, storm, pastes)


def measure(kind: Callable[[Box, random.Random], None], size: int) -> Iterator[str]:
    """Milliseconds for decoding and for analysing `size` events of one kind."""
    box, rng = Box(), random.Random(1)
    while len(box.events) < size:
        kind(box, rng)
    start = process_time()
    events = decode_all(box.events)
    decoded = process_time()
    report = analyse(WritingLog([EpochLog(events)], box.text, "An item. " * 200))
    done = process_time()
    yield f"{kind.__name__:10} {len(events):8,} events  decode {1000 * (decoded - start):7.1f} ms"
    yield f"  analyse {1000 * (done - decoded):7.1f} ms  {report.verdict} {dict(report.origins)}"


def main() -> None:
    """Print one line for every kind and size, with the collector set as the server sets it."""
    keep_startup_objects()
    for size in (10_000, 100_000):
        for kind in KINDS:
            sys.stdout.write("".join(measure(kind, size)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Print the cost of recording in a worker's browser, compared with rrweb: `python -m benchmarks.recorder_cost`, four
minutes.

Bytes of the script; main-thread time per keystroke in a text of 5,000 characters; bytes per keystroke of a session of
1,000 keys, sent and stored. Both recorders run on one page in one session in a real Chromium, each first in turn, with
two controls: listeners that do nothing, and listeners that always do the same. Times are taken twice: with the page's
thread at real-time priority, where nothing interrupts it, and without. Nothing is asserted; the targets are 4,096
bytes, 0.1 ms at the 95th percentile and 10 bytes.
"""

import gzip
import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from benchmarks.ingesting.keystroke_bytes import stored_bytes
from benchmarks.ingesting.sessions import typist_writing
from benchmarks.recording.priority import undisturbed
from benchmarks.recording.site import RECORDER, RRWEB, Site, serve
from keytrail.demo.people.actions import PressKey, SessionPlan
from keytrail.demo.recording.playing import Player
from keytrail.sessions import eventlog
from keytrail.web.scripts import served_script

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run")
LENGTH = 5_000
KEYS = 1_000
RECORDERS = ("recorder", "rrweb")
ORDERS = (*RECORDERS, "nothing", "constant"), ("rrweb", "recorder", "nothing", "constant")
ROUNDS = 2
FAST, STEADY = 8, 150
"""Milliseconds between keys: as fast as the browser accepts them, and 70 words a minute."""
STEADY_KEYS = 200
COPIES = 64
"""Sessions stored side by side, so that the database's pages are counted in full."""
SENTENCE = "It was a warm day and nobody wanted to walk in the sun. "


def main() -> None:
    """Print the figures."""
    if not RRWEB.is_file():
        raise SystemExit("rrweb is not installed: npm ci")
    for name, script in (("recorder", served_script(RECORDER)), ("rrweb", RRWEB.read_bytes())):
        print(f"{name:9} {len(script):8,} bytes of script, {len(gzip.compress(script, 9)):7,} compressed")
    with serve() as site, sync_playwright() as playwright:
        # A browser for each kind: a process with real-time priority may be reused for a later page.
        alone, browser = (
            playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS)) for _ in range(2)
        )
        print(f"Main-thread ms a keystroke in a text of {LENGTH:,} characters, Chromium {browser.version}")
        for order in ORDERS * ROUNDS:
            print_times(alone, site, order, FAST, KEYS, alone=True)
        print_times(alone, site, ORDERS[0], STEADY, STEADY_KEYS, alone=True)
        alone.close()
        for order in ORDERS * ROUNDS:
            print_times(browser, site, order, FAST, KEYS, alone=False)
        print_bytes(browser, site)
        browser.close()


def print_times(browser: "Browser", site: Site, order: Sequence[str], delay: int, keys: int, *, alone: bool) -> None:
    """Type, half at the end and half in the middle, and print the time of each keystroke's events and the
    total time.
    """
    page = browser.new_page()
    page.goto(site.url)
    page.evaluate("(begun) => begin(...begun)", [(SENTENCE * LENGTH)[:LENGTH], "/events", order])
    alone = alone and undisturbed(browser)
    typed = (SENTENCE * keys)[: keys // 2]
    for at in (LENGTH, LENGTH // 2):
        page.evaluate("(at) => document.querySelector('#answer').setSelectionRange(at, at)", at)
        page.keyboard.type(typed, delay=delay)
    interrupted = "not interrupted" if alone else "interrupted by whatever else runs"
    print(f"  {order[0]} first, {keys:,} keys {delay} ms apart, {interrupted}")
    for name, times in page.evaluate("() => probe.perKey").items():
        for what, part in zip(("events", "all"), zip(*times, strict=True), strict=True):
            ordered = sorted(part)
            median, p95, p99 = (f"{percentile(ordered, share):6.3f}" for share in (0.5, 0.95, 0.99))
            print(f"    {name:9} {what:6} median {median}   p95 {p95}   p99 {p99}   largest {ordered[-1]:6.3f}")
    page.close()


def print_bytes(browser: "Browser", site: Site) -> None:
    """Let a simulated person write with a fake clock in the page, and print the bytes of both recorders."""
    context = browser.new_context()
    page, elsewhere = context.new_page(), context.new_page()
    page.bring_to_front()
    page.clock.install()
    page.goto(site.url)
    site.batches.clear()
    page.evaluate("(begun) => begin(...begun)", ["", "/events", RECORDERS])
    keys = write(page, elsewhere)
    events = [json.dumps(event, separators=(",", ":")) for batch in site.batches for event in batch.events]
    print(f"Bytes a keystroke, {keys:,} keys of a simulated person, {keys / len(site.batches):.1f} keys a batch")
    bodies = sum(len(eventlog.Batch.from_events(batch.first_seq, batch.events).body) for batch in site.batches)
    rows = stored_bytes([site.batches] * COPIES) / COPIES
    stored = f"{bodies / keys:4.1f} as stored, {rows / keys:4.1f} with rows, clocks, hashes and index"
    weigh("recorder", events, keys, stored)
    weigh("rrweb", page.evaluate("() => rrwebEvents()"), keys, "")
    context.close()


def write(page: "Page", elsewhere: "Page") -> int:
    """Play a session of about 1,000 keys. Return its number of keys."""
    typist = typist_writing("steady", 1, KEYS)
    actions = tuple(typist.actions())
    page.clock.pause_at(datetime.fromtimestamp(page.evaluate("Date.now()") / 1000 + 2, UTC))
    Player(page, page.main_frame, elsewhere).play(SessionPlan("bench", "bench", "bench", typist.box.text, actions))
    page.clock.run_for(5_000)
    page.wait_for_load_state("networkidle")
    return sum(isinstance(action, PressKey) for action in actions)


def weigh(name: str, events: Sequence[str], keys: int, more: str) -> None:
    """Return the bytes as JSON, and compressed as a whole."""
    whole = ",".join(events).encode()
    print(
        f"  {name:9} {len(whole) / keys:7.1f} as JSON   {len(gzip.compress(whole, 9)) / keys:5.1f} compressed   {more}"
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value that this share does not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    main()

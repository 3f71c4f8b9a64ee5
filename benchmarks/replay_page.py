"""Print how fast the replay of a long session starts and how evenly it runs: `python -m benchmarks.replay_page`.

5,000 events, in a real Chromium against a real server on this machine. The start is measured from the click on Play
until the head has moved: fetching the steps, making the player, the first frame. The targets are 300 ms and 60 frames a
second; other load on the machine worsens both.
"""

import itertools
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import uvicorn
from playwright.sync_api import sync_playwright

from benchmarks.dashboard_pages import prepare
from keytrail.requester.people.access import COOKIE

if TYPE_CHECKING:
    from fastapi import FastAPI

ROUNDS = 10
SECONDS = 10
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
# A frame later than this after the one before means that one was dropped at 60 a second.
LATE_MS = 25

START = """() => new Promise((done) => {
  const scrub = document.querySelector("[data-scrub]"), began = performance.now();
  const look = () => (Number(scrub.value) > 0 ? done(performance.now() - began) : requestAnimationFrame(look));
  document.querySelector("[data-play]").click();
  look();
})"""
FRAMES = """(seconds) => new Promise((done) => {
  const times = [];
  const look = (now) => {
    times.push(now);
    if (now - times[0] < seconds * 1000) requestAnimationFrame(look);
    else done(times);
  };
  requestAnimationFrame(look);
})"""


@contextmanager
def serving(app: "FastAPI") -> Iterator[int]:
    """Serve the application on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.02)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def measure(page: Any, address: str) -> None:
    """Open the replay, start it, let it run, and print each time."""
    opened, started = [], []
    for _ in range(ROUNDS):
        page.goto(address)
        entry = page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")
        opened.append((entry["responseEnd"] - entry["requestStart"], entry["domContentLoadedEventEnd"]))
        page.locator("[data-speed]").select_option("16")
        started.append(page.evaluate(START))
    answers, ready = zip(*opened, strict=True)
    print(
        f"page: answered in {statistics.median(answers):.0f} ms, ready after {statistics.median(ready):.0f} (medians)"
    )
    print(f"replay starts: median {statistics.median(started):.0f} ms, slowest {max(started):.0f} of {ROUNDS}")
    times = page.evaluate(FRAMES, SECONDS)
    gaps = sorted(b - a for a, b in itertools.pairwise(times))
    late = sum(gap > LATE_MS for gap in gaps)
    print(f"frames at x16: {len(gaps) / (times[-1] - times[0]) * 1000:.1f} a second over {SECONDS} s, ", end="")
    print(f"gaps median {gaps[len(gaps) // 2]:.1f} ms, p95 {gaps[int(len(gaps) * 0.95)]:.1f}; {late} late")


def main(chromium: str | None) -> None:
    """Fill a small study, serve it, and measure."""
    with tempfile.TemporaryDirectory() as folder:
        client, path = prepare(Path(folder), 100)
        with serving(cast("FastAPI", client.app)) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            cookie = {"name": COOKIE, "value": client.cookies[COOKIE], "domain": "127.0.0.1", "path": "/"}
            context.add_cookies([cast("Any", cookie)])
            measure(context.new_page(), f"http://127.0.0.1:{port}{path}")
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium"))

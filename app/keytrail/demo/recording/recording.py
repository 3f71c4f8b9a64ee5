"""Record sessions of simulated people in Chromium."""

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.progress import track

from keytrail.demo.people.actions import SessionPlan
from keytrail.demo.people.styles import plan
from keytrail.demo.recording import page_scripts as js
from keytrail.demo.recording.cast import CastMember, Texts, under
from keytrail.demo.recording.playing import PlanFailed, Player
from keytrail.demo.studies import COMPARED, DemoStudy
from keytrail.studies.conditions import Condition, Measure

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Frame, Page, Request

_FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                 "--disable-sync", "--no-first-run", "--disable-blink-features=AutomationControlled")  # fmt: skip
_BEGINNING: Final = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
_USER_AGENT: Final = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"
)
_ELSEWHERE: Final = "<!doctype html><title>Elsewhere</title><textarea></textarea>"
_BARE_DEMO: Final = """
import sys, pathlib, keytrail.demo.running
keytrail.demo.running.run_demo(port=0, data=pathlib.Path(sys.argv[1]), as_json=True, with_work=False)
"""
_LOCALES: Final = {"en": "en-US", "de": "de-DE"}
_ZONES: Final = {
    "en": (
        "America/New_York",
        "America/Chicago",
        "America/Los_Angeles",
        "Asia/Kolkata",
        "Europe/Lisbon",
        "Asia/Manila",
    ),
    "de": ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich"),
}
_VIEWPORTS: Final = ((1280, 720), (1366, 768), (1440, 900), (1536, 864), (1920, 1080))


@dataclass(frozen=True)
class RecordingTask:
    """One session to be recorded: role, study, texts, and its claimed end."""

    study: DemoStudy
    role: CastMember
    texts: Texts
    at: datetime

    def condition(self, measures: frozenset[Measure]) -> Condition | None:
        """Return the study's condition with these measures; None if it has no conditions. Raises PlanFailed if there is
        none.
        """
        conditions = self.study.definition.conditions
        found = next((condition for condition in conditions if condition.measures == measures), None)
        if found is None and (conditions or measures):
            raise PlanFailed(f"the page shows {sorted(measures)}, and no condition says so")
        return found


@dataclass
class SentEvents:
    """The events of one page load, by the number of the batch's first."""

    batches: dict[int, list[Any]] = field(default_factory=dict)

    def listen(self, request: "Request") -> None:
        """Store the events of a batch; a retry replaces itself."""
        if request.method == "POST" and request.url.endswith("/api/worker/events"):
            body = json.loads(request.post_data or "{}")
            self.batches[body["seq"]] = body["events"]

    def events(self) -> list[Any]:
        """Return the whole log. Raises PlanFailed if a batch is missing or the log has no end."""
        events: list[Any] = []
        for first, batch in sorted(self.batches.items()):
            if first != len(events):
                raise PlanFailed(f"the log has a gap at event {len(events)}")
            events += batch
        if not events or events[-1][1] != "z":
            raise PlanFailed(f"the log has no end: {events[-3:]}")
        return events


def record(
    study: DemoStudy, roles: list[CastMember], seed: int, chromium: str | None, console: Console
) -> Iterator[dict[str, Any]]:
    """Record every role in a study on a new demo server. Yields whole sessions in wire format 1.

    The server assigns the condition as usual. A session whose page deviated from the plan is named on the console and
    left out.
    """
    from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 -- a development tool

    texts = Texts(study.definition.minimum_words, study, used_before=study is COMPARED)
    times = submission_times(len(roles), seed)
    with demo_server() as addresses, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        for role, at in track(list(zip(roles, times, strict=True)), "Recording", console=console):
            try:
                yield _record_one(
                    browser, f"{addresses['market_url']}try/{study.slug}", RecordingTask(study, role, texts, at)
                )
            except (PlanFailed, Error) as problem:
                console.print(f"Session {role.number} ({role.style}) is left out: {problem}")
        browser.close()


def submission_times(count: int, seed: int) -> list[datetime]:
    """Return the claimed times of submission: some days, in waves."""
    rng = Random(f"times {seed}")  # noqa: S311 -- simulation, and to be repeatable
    times, at = [], _BEGINNING
    for _ in range(count):
        at += timedelta(minutes=rng.lognormvariate(2.6, 0.9))
        if at.hour >= 21:  # noqa: PLR2004 -- the evening
            at = at.replace(hour=7, minute=rng.randrange(60)) + timedelta(days=1)
        times.append(at.replace(microsecond=0))
    return times


def write_sessions(path: Path, sessions: list[dict[str, Any]]) -> None:
    """Write compressed JSON Lines; the same sessions give the same bytes."""
    lines = "".join(json.dumps(session, ensure_ascii=True, separators=(",", ":")) + "\n" for session in sessions)
    path.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))


@contextmanager
def demo_server() -> Iterator[dict[str, str]]:
    """Run a demo without work in its own folder, on free ports. Yields what it reports to programs."""
    with (
        tempfile.TemporaryDirectory() as folder,
        # Our own program with our own arguments.
        subprocess.Popen([sys.executable, "-c", _BARE_DEMO, folder], stdout=subprocess.PIPE, text=True) as server,  # noqa: S603
    ):
        try:
            assert server.stdout is not None  # noqa: S101 -- a pipe was asked for
            addresses = server.stdout.readline()
            if not addresses:
                raise RuntimeError("The demo did not start; its own words stand above.")
            yield json.loads(addresses)
        finally:
            server.terminate()


def _record_one(browser: "Browser", frame_url: str, part: RecordingTask) -> dict[str, Any]:
    rng = Random(part.role.worker)  # noqa: S311 -- simulation
    width, height = rng.choice(_VIEWPORTS)
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=_LOCALES[part.role.person.language],
        timezone_id=rng.choice(_ZONES[part.role.person.language]),
        user_agent=_USER_AGENT.format(browser.version.partition(".")[0]),
    )
    try:
        return _in_context(context, f"{frame_url}?workerId={part.role.worker}", part)
    finally:
        context.close()


def _in_context(context: "BrowserContext", url: str, part: RecordingTask) -> dict[str, Any]:
    page, elsewhere = context.new_page(), context.new_page()
    elsewhere.set_content(_ELSEWHERE)
    page.bring_to_front()
    page.clock.install(time=part.at - timedelta(minutes=10))
    sent = SentEvents()
    page.on("request", sent.listen)
    frame = _open(page, url)
    # The clock runs while the page opens, so that the recorder measures its resolution; from here on, plans set the
    # time.
    page.clock.pause_at(datetime.fromtimestamp(page.evaluate("Date.now()") / 1000 + 2, UTC))
    source = frame.locator("#source").evaluate(js.SOURCE)
    condition = part.condition(_measures(frame))
    role = part.role if condition is None else under(part.role, condition.measures)
    played = plan(role.style, role.person, part.texts.task(source, role.style), role.number)
    player = Player(page, frame, elsewhere)
    player.play(played)
    with page.expect_response(lambda response: response.url.endswith("/mturk/externalSubmit")):
        player.submit()
    return _whole_session(part, played, source, sent.events()) | (
        {} if condition is None else {"condition": condition.name}
    )


def _measures(frame: "Frame") -> frozenset[Measure]:
    """Return the measures of this page, as far as they are visible."""
    asked = "Please write this text yourself" in frame.locator("#instructions").inner_text()
    refused = frame.locator("#task").get_attribute("data-refuse-paste") is not None
    shown = {Measure.DIRECT_REQUEST: asked, Measure.REFUSE_PASTE: refused}
    return frozenset(measure for measure, there in shown.items() if there)


def _open(page: "Page", url: str) -> "Frame":
    """Consent, and wait until the recorder runs."""
    page.goto(url)
    element = page.locator("#task-frame").element_handle()
    frame = element.content_frame()
    if frame is None:
        raise PlanFailed("the task's frame did not open")
    with page.expect_response(lambda response: response.url.endswith("/api/worker/events")):
        frame.locator("#consent").click()
    return frame


def _whole_session(part: RecordingTask, played: SessionPlan, source: str, events: list[Any]) -> dict[str, Any]:
    role = part.role
    return {
        "v": 1,
        "session": f"simulated-{role.number:03}",
        "simulated": True,
        "label": f"simulated: {played.label}",
        "worker": role.worker,
        "person": played.person,
        "item_id": played.item,
        "submitted_at": part.at.isoformat().replace("+00:00", "Z"),
        "item": source,
        "text": played.text,
        "events": events,
    }

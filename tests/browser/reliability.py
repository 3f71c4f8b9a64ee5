"""Write the reliability table from a run of the tests.

`make reliability` writes it, with the option `--reliability-table`; without the option nothing is written.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import pytest

_KEY = "reliability"
_HEAD = """\
# Reliability: what was tried and what was lost

Written by `make reliability` from a run of the tests in `tests/browser`; do not edit it by hand. Each row is a test
in which a real browser drives the real page against the real server. The test fails if more is lost than the row
says.

"Events" are everything that the recorder logs: keys, edits, selections, pastes, focus. "Nothing" means that every
event of the page load is stored exactly once, and that replaying the events gives the text.

What the table does not show:

- Nothing was tried in Safari, in Edge, or on a phone. WebKit is Debian's WebKitGTK, which shares Safari's engine
  but not its way of closing tabs and caching pages.
- Everything ran on one machine, over its own network. Each row was tried once.
- Quitting a browser in the moment after the last key may lose the last requests, as killing it does.
- Outside this table 1,990 frames were removed in Firefox in the moment after the last key: 4 lost what was typed
  since the last batch ([recorder.md](recorder.md)).

| what was tried | browser | recorded | lost |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Trial:
    """One line of the table."""

    tried: str
    browser: str
    recorded: str
    lost: str


class Reliability:
    """Record the trials of one test."""

    def __init__(self, item: pytest.Item) -> None:
        self._item = item

    def note(self, tried: str, recorded: str, lost: str = "nothing", browser: str = "Chromium") -> None:
        """Keep a line for the table; it counts if the test passes."""
        self._item.user_properties.append((_KEY, astuple(Trial(tried, browser.capitalize(), recorded, lost))))


class TableWriter:
    """A pytest plugin that collects the reports."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._trials: list[Trial] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect the lines of tests that passed."""
        if report.when == "call" and report.passed:
            self._trials += [Trial(*value) for name, value in report.user_properties if name == _KEY]  # type: ignore[misc]

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write the table, unless a line would be missing because its test failed."""
        if exitstatus:
            return
        self._path.write_text(table(self._trials), encoding="utf-8")


def table(trials: Sequence[Trial]) -> str:
    """The page in Markdown, in a fixed order."""
    ordered = sorted(set(trials), key=lambda trial: (trial.tried, trial.browser))
    return _HEAD + "".join(f"| {' | '.join(astuple(trial))} |\n" for trial in ordered)

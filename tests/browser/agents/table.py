"""Write docs/agents.md from a run of the bench (`make agents`)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from keytrail.provenance import ANALYSIS_VERSION, Verdict
from tests.browser.agents.kinds import DIGRAPHS, KINDS, Kind

KEY: Final = "agents"
_MECHANICS: Final = frozenset(
    {
        "ghost_keys",
        "machine_rhythm",
        "no_digraph_coupling",
        "impossible_speed",
        "capitals_without_shift",
        "scripted_focus",
        "hardly_any_keys",
        "weak_signs",
    }
)
_CAUGHT: Final = 0.8
_BY_MECHANICS: Final = 0.5
_ENOUGH: Final = 10
_HEAD: Final = """\
# Agents and typing tools

Written by `make agents`; do not edit it by hand. Each kind wrote texts of about 620 characters into the real task
page in {browser}, {sessions} sessions per kind, and the server analysed what the recorder sent (analysis
{analysis}). `make test` runs a tenth of it.

- "Emulated" kinds send the events that the tool sends, by its public constants; the tool itself did not run. Pauses
  use the page's simulated clock.
- "Caught" is a verdict of review or strong. "By mechanics" counts sessions with a finding about how keys were
  pressed.
- The table covers only what was tried. A program that plays a person's own rhythm on the right keys is not caught,
  and neither is a person who types out what a model wrote ([findings.md](findings.md#forged-logs)).

"""
_COLUMNS: Final = (
    "| kind | from | strong | review | clear | caught | by mechanics | findings |\n|---|---|---|---|---|---|---|---|\n"
)


@dataclass(frozen=True)
class Played:
    """One session of a kind, with the result of its analysis."""

    kind: str
    verdict: str
    findings: tuple[str, ...]
    browser: str

    @classmethod
    def of(cls, values: Any) -> "Played":
        """From a test's property."""
        kind, verdict, findings, browser = values
        return cls(kind, verdict, tuple(findings), browser)


class AgentsTable:
    """A pytest plugin that collects the results."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._played: list[Played] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect what was played, whether the test passed or not: the table tells how it is."""
        if report.when == "call":
            self._played += [Played.of(value) for name, value in report.user_properties if name == KEY]

    def pytest_sessionfinish(self) -> None:
        """Write the page."""
        if self._played:
            self._path.write_text(page(self._played), encoding="utf-8")


def noted(played: Played) -> tuple[str, tuple[object, ...]]:
    """As a test's property."""
    return KEY, astuple(played)


def caught(played: Played) -> bool:
    """Whether a person would look at it."""
    return played.verdict in {Verdict.REVIEW, Verdict.STRONG}


def by_mechanics(played: Played) -> bool:
    """Whether a finding is about how keys were pressed."""
    return not _MECHANICS.isdisjoint(played.findings)


def shortfalls(played: Sequence[Played]) -> list[str]:
    """Return what humanised kinds fall short of: four in five sessions caught, and half of all by mechanics.

    A kind is judged alone from ten sessions on. One person's intervals by digraph may be missed more often.
    """
    found = []
    if sum(map(caught, played)) < _CAUGHT * len(played):
        found.append(f"all: {sum(map(caught, played))} of {len(played)} caught")
    if sum(map(by_mechanics, played)) < _BY_MECHANICS * len(played):
        found.append(f"all: {sum(map(by_mechanics, played))} of {len(played)} caught by mechanics")
    for name in dict.fromkeys(one.kind for one in played):
        alike = [one for one in played if one.kind == name]
        if len(alike) >= _ENOUGH and name != DIGRAPHS and sum(map(caught, alike)) < _CAUGHT * len(alike):
            found.append(f"{name}: {sum(map(caught, alike))} of {len(alike)} caught")
    return found


def page(played: Sequence[Played]) -> str:
    """The page in Markdown, in the order of the catalogue."""
    by_kind: dict[str, list[Played]] = {}
    for one in played:
        by_kind.setdefault(one.kind, []).append(one)
    most = max(map(len, by_kind.values()))
    text = _HEAD.format(browser=played[0].browser, sessions=most, analysis=ANALYSIS_VERSION)
    for title, humanised in (("Naive", False), ("Humanised", True)):
        kinds = [kind for kind in KINDS if kind.humanised is humanised and kind.name in by_kind]
        every = [one for kind in kinds for one in by_kind[kind.name]]
        text += f"## {title}: {sum(map(caught, every))} of {len(every)} sessions caught\n\n{_COLUMNS}"
        text += "".join(_row(kind, by_kind[kind.name]) for kind in kinds) + "\n"
    return text.rstrip() + "\n"


def _row(kind: Kind, played: Sequence[Played]) -> str:
    verdicts = Counter(one.verdict for one in played)
    mechanics = sum(map(by_mechanics, played))
    rules = Counter(rule for one in played for rule in one.findings)
    named = ", ".join(f"`{rule}` {count}" for rule, count in rules.most_common(5))
    cells = (
        kind.name,
        kind.source,
        verdicts[Verdict.STRONG],
        verdicts[Verdict.REVIEW],
        len(played) - verdicts[Verdict.STRONG] - verdicts[Verdict.REVIEW],
        f"{sum(map(caught, played))} of {len(played)}",
        mechanics,
        named,
    )
    return f"| {' | '.join(map(str, cells))} |\n"

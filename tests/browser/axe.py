"""Run axe-core on a page and return its violations."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from tests.browser.drivers.base import Driver
from tests.waiting import until

_AXE: Final = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_RUN: Final = """(tags) => {
  axe.run({ runOnly: tags }).then((found) => { globalThis.axeFound = found.violations; });
}"""
_FOUND: Final = "() => axeFound.map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 120))])"


def violations(page: Page) -> list[str]:
    """Violations of WCAG 2.2 AA and of axe's own best practices, one line a kind."""
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(_AXE.read_text())
    found = page.evaluate("tags => axe.run({ runOnly: tags })", _TAGS)
    return [f"{v['id']}: {[node['html'][:120] for node in v['nodes'][:3]]}" for v in found["violations"]]


def violations_in(driver: Driver) -> list[str]:
    """The same in the task's page of any engine."""
    driver.run(f"() => {{ {_AXE.read_text()} }}")
    driver.run(_RUN, _TAGS)
    until(lambda: driver.run("() => !!globalThis.axeFound"), "axe", seconds=60)
    return [f"{kind}: {nodes}" for kind, nodes in driver.run(_FOUND)]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

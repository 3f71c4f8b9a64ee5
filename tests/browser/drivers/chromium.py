"""Chromium, driven by Playwright."""

import shutil
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Frame, Page, Playwright

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--test-third-party-cookie-phaseout",
)
"""The last one refuses cookies and storage to frames of other sites, as browsers increasingly do."""

_ELSEWHERE = "<!doctype html><title>Elsewhere</title><textarea></textarea>"


def launch(playwright: Playwright, **options: Any) -> Browser:
    """The system's Chromium, without a screen."""
    return playwright.chromium.launch(
        executable_path=shutil.which("chromium"),
        args=list(FLAGS),
        # Playwright switches this off, people have it.
        ignore_default_args=["--disable-back-forward-cache"],
        **options,
    )


class Chromium:
    """A window in a context of its own. `page` and `frame` are Playwright's, for what only Chromium can do."""

    engine = "chromium"

    def __init__(self, browser: Browser, context: BrowserContext | None = None, **options: Any) -> None:
        self.context = context or browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
        self.page: Page = self.context.new_page()
        self.protocol: CDPSession = self.context.new_cdp_session(self.page)
        self.failures: list[str] = []
        self.page.on("pageerror", lambda error: self.failures.append(str(error)))

    @classmethod
    def beside(cls, other: "Chromium") -> "Chromium":
        """Another window of the same person."""
        assert other.context.browser is not None
        return cls(other.context.browser, other.context)

    @property
    def frame(self) -> Frame:
        """The task's frame as it is now; the window's own page if the task is not framed."""
        frames = self.page.frames
        return frames[1] if len(frames) > 1 else frames[0]

    def open(self, url: str) -> None:
        self.page.goto(url)

    def reload(self) -> None:
        self.page.reload()

    def back(self) -> None:
        self.page.go_back(wait_until="commit")

    def run(self, function: str, *arguments: Any) -> Any:
        return self.frame.evaluate(f"(all) => ({function})(...all)", list(arguments))

    def run_outside(self, function: str) -> Any:
        return self.page.evaluate(function)

    def look(self, function: str, *arguments: Any) -> Any:
        try:
            return self.run(function, *arguments)
        except Error as error:
            if "navigation" in error.message or "detached" in error.message:
                return None
            raise

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self, chord: str) -> None:
        self.page.keyboard.press(chord)

    def compose(self, text: str, *, over: tuple[int, int] | None = None) -> None:
        """Begin or go on with a composition, as an input method does; it may begin over a word that stands there."""
        place = {} if over is None else {"replacementStart": over[0], "replacementEnd": over[1]}
        end = len(text.encode("utf-16-le")) // 2
        self.protocol.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": end, "selectionEnd": end, **place}
        )

    def commit(self, text: str) -> None:
        """End a composition with this text, or insert a text without a key where there is none."""
        self.protocol.send("Input.insertText", {"text": text})

    def click(self, selector: str) -> None:
        self.frame.locator(selector).click()

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse, target = self.page.mouse, self._in_window(*end)
        mouse.move(*self._in_window(*start))
        mouse.down()
        mouse.move(*target, steps=8)
        mouse.move(*target)
        mouse.up()

    def put_on_clipboard(self, text: str) -> None:
        elsewhere = self.context.new_page()
        elsewhere.set_content(_ELSEWHERE)
        elsewhere.locator("textarea").fill(text)
        elsewhere.keyboard.press("Control+a")
        elsewhere.keyboard.press("Control+c")
        elsewhere.close()
        self.page.bring_to_front()

    def close_tab(self) -> None:
        # The context stays: ending it in the same moment ends its requests too, as quitting the browser may.
        with self.page.expect_event("close"):
            self.page.close(run_before_unload=True)

    def close(self) -> None:
        self.page.close()
        self.context.close()

    def _in_window(self, x: float, y: float) -> tuple[float, float]:
        if self.frame.parent_frame is None:
            return x, y
        area = self.frame.frame_element().bounding_box()
        assert area is not None
        return x + area["x"], y + area["y"]

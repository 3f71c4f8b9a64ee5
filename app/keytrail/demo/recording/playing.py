"""Play a plan in the real task page: trusted keys and pointer through the browser, time by Playwright's clock."""

from typing import TYPE_CHECKING, Any, Final

from keytrail.demo.people.actions import (
    Action,
    CopyElsewhere,
    CopyText,
    Drag,
    Insert,
    Leave,
    Place,
    Point,
    PressKey,
    ReleaseKey,
    Return,
    Script,
    Scroll,
    SelectText,
    SessionPlan,
)
from keytrail.demo.recording import page_scripts as js

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Frame, Locator, Page

_WINDOWS_KEY_CODES: Final = {
    "Backspace": 8,
    "Enter": 13,
    "Shift": 16,
    "Control": 17,
    "End": 35,
    "Home": 36,
    "ArrowLeft": 37,
    "ArrowRight": 39,
}
_PUNCTUATION_CODES: Final = {
    "Semicolon": 186,
    "Equal": 187,
    "Comma": 188,
    "Minus": 189,
    "Period": 190,
    "Slash": 191,
    "Backquote": 192,
    "BracketLeft": 219,
    "Backslash": 220,
    "BracketRight": 221,
    "Quote": 222,
}
_STEP_MS: Final = 16


class PlanFailed(Exception):
    """The page did not do what the plan's model predicted."""


class Player:
    """Play one session. `page` is the window, `frame` the task's frame in it, `elsewhere` another window."""

    def __init__(self, page: "Page", frame: "Frame", elsewhere: "Page") -> None:
        self._page = page
        self._frame = frame
        self._elsewhere = elsewhere
        self._keys = page.context.new_cdp_session(page)
        self._box = frame.locator("#answer")
        for target in (page, frame):
            # Without this the page believes that it always has the focus.
            _session(target).send("Emulation.setFocusEmulationEnabled", {"enabled": False})

    def play(self, plan: SessionPlan) -> None:
        """Play the whole plan. Raises PlanFailed if the box has another text at the end."""
        for action in plan.actions:
            self._pass(action.wait_ms)
            self._do(action)
        written = self._box.evaluate(js.VALUE)
        if written != plan.text:
            raise PlanFailed(f"{plan.label} of {plan.item}: the box holds {written!r}, not {plan.text!r}")

    def submit(self) -> None:
        """Press the submit button with the pointer."""
        self._pass(900)
        button = self._frame.locator("#submit")
        button.scroll_into_view_if_needed()
        self._click(*_centre(button))

    def _pass(self, milliseconds: int) -> None:
        if milliseconds:
            self._page.clock.run_for(milliseconds)

    def _do(self, action: Action) -> None:  # noqa: C901 -- one line for each kind of action
        match action:
            case PressKey() | ReleaseKey():
                self._keys.send("Input.dispatchKeyEvent", key_event(action))
            case SelectText(start=start, end=end):
                self._select(start, end)
            case Drag():
                self._drag(action)
            case CopyText(place=place, text=text):
                self._copy(place, text)
            case Leave():
                self._elsewhere.bring_to_front()
            case CopyElsewhere(text=text):
                self._copy_elsewhere(text)
            case Return():
                self._page.bring_to_front()
            case Scroll(place=place, pixels=pixels):
                self._move(place, 0.5, 0.5)
                self._page.mouse.wheel(0, pixels)
            case Point(place=place, across=across, down=down):
                self._move(place, across, down)
            case Insert(text=text):
                self._keys.send("Input.insertText", {"text": text})
            case Script(how=how, text=text):
                self._box.evaluate(js.WRITE_VALUE if how == "value" else js.WRITE_COMMAND, text)

    def _place(self, place: Place) -> "Locator":
        return self._frame.locator(f"#{place}")

    def _move(self, place: Place, across: float, down: float) -> None:
        """Move the pointer there in a dozen steps, within the visible part of the place."""
        area = self._place(place).bounding_box()
        height = (self._page.viewport_size or {"height": 720})["height"]
        if area is None:
            return
        top, bottom = max(area["y"], 0), min(area["y"] + area["height"], height - 1)
        self._page.mouse.move(area["x"] + across * area["width"], top + down * max(bottom - top, 1), steps=12)

    def _click(self, x: float, y: float) -> None:
        self._page.mouse.move(x, y, steps=10)
        self._page.mouse.down()
        self._pass(70)
        self._page.mouse.up()

    def _points(self, *offsets: int) -> list[tuple[float, float]]:
        self._box.scroll_into_view_if_needed()
        outer = self._frame.frame_element().bounding_box() if self._frame.parent_frame else None
        left, top = (outer["x"], outer["y"]) if outer else (0.0, 0.0)
        return [(x + left, y + top) for x, y in self._box.evaluate(js.POINTS_IN_BOX, list(offsets))]

    def _select(self, start: int, end: int) -> None:
        """Select with the pointer; if the browser rounds to another letter, the selection is corrected."""
        (x, y), (to_x, to_y) = self._points(start, end)
        if start == end:
            self._click(x, y)
        else:
            self._page.mouse.move(x, y, steps=10)
            self._page.mouse.down()
            self._page.mouse.move(to_x, to_y, steps=10)
            self._pass(20 * _STEP_MS)
            self._page.mouse.up()
        if self._box.evaluate(js.SELECTION) != [start, end]:
            self._box.evaluate(js.SET_SELECTION, [start, end])

    def _drag(self, action: Drag) -> None:
        self._select(action.start, action.end)
        (x, y), (to_x, to_y) = self._points(action.start + 2, action.to)
        self._pass(600)
        mouse = self._page.mouse
        mouse.move(x, y, steps=5)
        mouse.down()
        for share in (0.2, 0.5, 0.8, 1.0):
            self._pass(6 * _STEP_MS)
            mouse.move(x + share * (to_x - x), y + share * (to_y - y))
        mouse.move(to_x, to_y)
        mouse.up()

    def _copy(self, place: Place, text: str) -> None:
        self._move(place, 0.3, 0.4)
        self._page.mouse.down()
        self._pass(80)
        self._page.mouse.up()
        if text not in self._place(place).evaluate(js.MARK, text):
            raise PlanFailed(f"{text!r} does not stand in the {place}")
        self._pass(500)
        self._chord_c()

    def _chord_c(self) -> None:
        for action in (
            PressKey(code="ControlLeft", key="Control", ctrl=True),
            PressKey(code="KeyC", key="c", ctrl=True),
            ReleaseKey(code="KeyC", key="c", ctrl=True),
            ReleaseKey(code="ControlLeft", key="Control"),
        ):
            self._keys.send("Input.dispatchKeyEvent", key_event(action))
            self._pass(90)

    def _copy_elsewhere(self, text: str) -> None:
        self._elsewhere.locator("textarea").fill(text)
        self._elsewhere.keyboard.press("Control+a")
        self._elsewhere.keyboard.press("Control+c")


def key_event(action: PressKey | ReleaseKey) -> dict[str, Any]:
    """Return parameters of the protocol's `Input.dispatchKeyEvent` for one key."""
    event: dict[str, Any] = {
        "type": "keyUp",
        "code": action.code,
        "key": action.key,
        "windowsVirtualKeyCode": _key_code(action.code, action.key),
        "modifiers": 8 * action.shift + 2 * action.ctrl,
        "location": 1 if action.code.endswith("Left") and action.key in {"Shift", "Control"} else 0,
    }
    if isinstance(action, PressKey):
        event["type"] = "keyDown" if action.text else "rawKeyDown"
        event["autoRepeat"] = action.repeat
        if action.text and not action.ctrl:
            event["text"] = event["unmodifiedText"] = "\r" if action.text == "\n" else action.text
    return event


def _key_code(code: str, key: str) -> int:
    if code.startswith(("Key", "Digit")):
        return ord(code[-1])
    if code == "Space":
        return 32
    return _WINDOWS_KEY_CODES.get(key) or _PUNCTUATION_CODES[code]


def _session(target: "Page | Frame") -> "CDPSession":
    from playwright.sync_api import Frame  # noqa: PLC0415 -- a development tool

    page = target.page if isinstance(target, Frame) else target
    return page.context.new_cdp_session(target)


def _centre(locator: "Locator") -> tuple[float, float]:
    box = locator.bounding_box()
    if box is None:
        raise PlanFailed("the button cannot be seen")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

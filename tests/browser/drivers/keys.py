"""Keys as WebDriver writes them: one character each, those without a character from a private range."""

from typing import Final

NAMED: Final = {
    "Backspace": "\ue003",
    "Tab": "\ue004",
    "Enter": "\ue007",
    "Shift": "\ue008",
    "Control": "\ue009",
    "Alt": "\ue00a",
    "Escape": "\ue00c",
    "End": "\ue010",
    "Home": "\ue011",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "Insert": "\ue016",
    "Delete": "\ue017",
}
"""WebDriver, section 17.4.2, keyboard actions."""


def strokes(text: str) -> list[dict[str, str]]:
    """Key actions that type a text."""
    keys = [NAMED["Enter"] if character == "\n" else character for character in text]
    return [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]


def chord(names: str) -> list[dict[str, str]]:
    """Key actions for a key with modifiers, as in `Control+Shift+v`."""
    keys = [NAMED.get(name, name) for name in names.split("+")]
    down = [{"type": "keyDown", "value": key} for key in keys]
    return down + [{"type": "keyUp", "value": key} for key in reversed(keys)]


def click_at(x: float, y: float) -> list[dict[str, object]]:
    """Pointer actions that click a spot of the viewport."""
    return [
        {"type": "pointerMove", "x": round(x), "y": round(y)},
        {"type": "pointerDown", "button": 0},
        {"type": "pointerUp", "button": 0},
    ]


def drag_along(start: tuple[float, float], end: tuple[float, float], steps: int = 8) -> list[dict[str, object]]:
    """Pointer actions that press at one spot, move in steps and let go at the other."""
    (x, y), (to_x, to_y) = start, end
    moves: list[dict[str, object]] = [
        {
            "type": "pointerMove",
            "duration": 30,
            "x": round(x + (to_x - x) * step / steps),
            "y": round(y + (to_y - y) * step / steps),
        }
        for step in range(1, steps + 1)
    ]
    press: list[dict[str, object]] = [
        {"type": "pointerMove", "x": round(x), "y": round(y)},
        {"type": "pointerDown", "button": 0},
        {"type": "pause", "duration": 100},
    ]
    return [*press, *moves, {"type": "pause", "duration": 100}, {"type": "pointerUp", "button": 0}]

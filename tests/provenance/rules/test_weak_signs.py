"""Weak signs make a finding only together."""

from typing import Any

import pytest

from keytrail.provenance import Severity, Verdict, analyse
from keytrail.provenance.report import Finding
from tests.provenance.writer import CTRL, SHIFT, Writer

WORDS = "People walk in the shade when it is hot. "


def weak(writer: Writer) -> Finding | None:
    report = analyse(writer.finish().session())
    return next((found for found in report.findings if found.rule == "weak_signs"), None)


def codeless(writer: Writer, text: str) -> Writer:
    for number, char in enumerate(text):
        writer.log("k", "", char, 0, dt=70 + number * 37 % 160)
        writer.edit(len(writer.text), 0, char, "insertText").log("u", "", 0, dt=60)
    return writer


def bare_paste(writer: Writer) -> Writer:
    """A paste that nothing announced, as a driver's own command does it."""
    writer.log("p", 5, 0, "shade", ["text/plain"], 0, dt=40_000)
    return writer.edit(len(writer.text), 0, "shade", "insertFromPaste")


def test_keys_without_code_and_a_paste_without_gesture_are_worth_a_look() -> None:
    found = weak(bare_paste(codeless(Writer(), WORDS)))
    assert found is not None
    assert found.severity is Severity.REVIEW
    assert found.explanation.startswith("On-screen keyboards, voice control and remote desktops")
    assert {"keys_without_code", "pastes_without_gesture"} < found.figures.keys()


def test_one_sign_is_never_shown() -> None:
    assert weak(codeless(Writer(), WORDS)) is None
    assert weak(bare_paste(Writer().type(WORDS))) is None


def test_voice_control_is_left_alone() -> None:
    writer = codeless(Writer().log("q", 0, 0, 1, 0, 0, 0, dt=900), WORDS)
    assert weak(writer) is None
    found = weak(bare_paste(writer.log("q", 0, 0, 0, 1, 0, 0)))
    assert found is not None
    assert found.figures["signs"] == 3


@pytest.mark.parametrize(
    ("waits", "shown"),
    [((95, 100, 105), True), ((90, 151, 212, 273, 334), False), ((44, 45, 46), False), ((15,) * 99 + (20_000,), False)],
    ids=["a fixed delay", "a hand, by a remote desktop", "dictation, slowly handed over", "dictation"],
)
def test_keys_without_code_by_a_clock_are_worth_a_look(waits: tuple[int, ...], shown: bool) -> None:  # noqa: FBT001
    writer = Writer()
    for number, char in enumerate(WORDS.lower() * 20):
        writer.log("k", "", char, 0, dt=waits[number % len(waits)])
        writer.edit(len(writer.text), 0, char, "insertText").log("u", "", 0, dt=0)
    found = weak(writer)
    assert (found is not None) is shown
    assert found is None or found.severity is Severity.REVIEW
    assert analyse(writer.session()).verdict is not Verdict.STRONG


@pytest.mark.parametrize(
    "before",
    [
        ["k", "KeyV", "v", CTRL],
        ["k", "Insert", "Insert", SHIFT],
        ["k", "ContextMenu", "ContextMenu", 0],
        ["q", 4, 90, 1, 0, 0, 30],
        ["q", 0, 0, 0, 0, 1, 0],
        ["f", 1, "window", 1],
    ],
    ids=lambda event: f"{event[0]} {event[1]}",
)
def test_a_paste_after_anything_that_pastes_is_no_sign(before: list[Any]) -> None:
    writer = codeless(Writer(), WORDS).log(*before, dt=40_000)
    writer.log("p", 5, 0, "shade", ["text/plain"], 0, dt=60)
    assert weak(writer.edit(len(writer.text), 0, "shade", "insertFromPaste")) is None


def test_capitals_with_the_flag_of_a_shift_that_nobody_pressed() -> None:
    found = weak(bare_paste(Writer().type("People In The Shade Walk Longer. ")))
    assert found is not None
    assert "shifted_without_shift" in found.figures
    pressed = Writer().log("k", "ShiftLeft", "Shift", SHIFT).log("u", "ShiftLeft", 0, dt=90)
    assert weak(bare_paste(pressed.type("People In The Shade Walk Longer. "))) is None


def test_a_touch_screen_that_is_clicked_and_never_touched() -> None:
    def phone(touches: int) -> Writer:
        writer = Writer(pointer="coarse", touch=5).log("q", 0, 0, 1, 0, touches, 0, dt=900)
        return writer.type("People In The Shade Walk Longer. ")

    assert weak(phone(touches=0)) is not None
    assert weak(phone(touches=1)) is None

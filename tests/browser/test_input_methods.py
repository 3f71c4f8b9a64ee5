"""Input methods that swallow keys and inject others are not flagged, although nobody holds the injected keys."""

import time
from itertools import pairwise
from random import Random
from typing import Final

from tests.browser.drivers.chromium import Chromium
from tests.browser.review_api import ReviewApi, explained
from tests.browser.worker_page import WorkerPage

_TELEX: Final = (  # what is pressed, and what stands there after each key
    ("ddi", "d đ đi"),
    ("duwowngf", "d du dư dưo dươ dươn dương dường"),
    ("caay", "c ca câ cây"),
    ("nawngs", "n na nă năn năng nắng"),
    ("nguwowif", "n ng ngu ngư ngưo ngươ ngươi người"),
    ("mats", "m ma mat mát"),
    ("trowif", "t tr tro trơ trơi trời"),
    ("nongs", "n no non nong nóng"),
)


def test_an_input_method_that_types_backspaces_is_no_ghost(
    worker: WorkerPage, window: Chromium, review: ReviewApi
) -> None:
    """Some swallow the key, then inject backspaces and characters that are held for no time."""
    worker.accept()
    chance = Random(13)

    def press(key: str, hold_s: float) -> None:
        erases = key == "Backspace"
        named = {"key": key, "code": "Backspace" if erases else "", "windowsVirtualKeyCode": 8 if erases else 0xE7}
        window.protocol.send(
            "Input.dispatchKeyEvent", {"type": "keyDown", **named, **({} if erases else {"text": key})}
        )
        time.sleep(hold_s)  # a hand's, which is what the rules look at
        window.protocol.send("Input.dispatchKeyEvent", {"type": "keyUp", **named})

    def compose(keys: str, states: str) -> None:
        for key, (shown, now) in zip(keys, pairwise(["", *states.split()]), strict=True):
            if now == shown + key:
                press(key, max(0.05, chance.gauss(0.085, 0.02)))
            else:
                same = next(
                    (at for at, (one, two) in enumerate(zip(shown, now, strict=False)) if one != two), len(shown)
                )
                for character in ["Backspace"] * (len(shown) - same) + list(now[same:]):
                    press(character, 0)
                time.sleep(0.09)
            time.sleep(min(0.5, chance.lognormvariate(-2.5, 0.7)))

    for _ in range(3):
        for keys, states in _TELEX:
            compose(keys, states)
            press(" ", 0.08)
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"typed": len(submission.text)}
    assert not {"ghost_keys", "machine_rhythm", "weak_signs"}.intersection(submission.findings)
    assert submission.verdict == "clear", submission.findings

"""A random editing session: the same seed does the same things."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final

from tests.browser.fuzzing.by_hand import BY_HAND, BY_POINTER
from tests.browser.fuzzing.by_script import BY_INPUT_METHOD, BY_SCRIPT, BY_TOOL
from tests.browser.fuzzing.editor import Editor
from tests.browser.worker_page import WorkerPage

LENGTH: Final = 40
"""Operations of a session."""
OPERATIONS: Final[Mapping[str, Mapping[str, Callable[[Editor], None]]]] = {
    "chromium": {**BY_HAND, **BY_POINTER, **BY_SCRIPT, **BY_INPUT_METHOD, **BY_TOOL},
    "firefox": {**BY_HAND, **BY_SCRIPT, **BY_INPUT_METHOD},
}
"""What can be done in each engine through its driver."""


def plan(seed: int, engine: str) -> Sequence[str]:
    """Names of the operations, each at most once or, where the engine has fewer kinds, as few times as may be."""
    rng = Random(seed)
    kinds = sorted(OPERATIONS[engine])
    names: list[str] = []
    while len(names) < LENGTH:
        names += rng.sample(kinds, min(len(kinds), LENGTH - len(names)))
    rng.shuffle(names)
    return names


def play(page: WorkerPage, seed: int) -> None:
    """Do what the plan says, in a box that has the focus; at the end there is text in it."""
    engine = page.driver.engine
    editor = Editor(page, Random(seed))
    page.type("People take the shady way. ")
    for name in plan(seed, engine):
        OPERATIONS[engine][name](editor)
    page.click("#answer").press("Control+End").type(" The end.")

"""Operations of keyboard, clipboard and pointer."""

from collections.abc import Callable, Mapping
from typing import Final

from tests.browser.fuzzing.editor import Editor
from tests.waiting import until

PASSAGES: Final = ("Older adults made the largest detours.", "Routes were matched", "shade made no difference")
_WRITABLE = "(box) => !box.readOnly && document.activeElement !== null"


def type_words(editor: Editor) -> None:
    editor.page.type(f"{editor.words()} ")


def type_elsewhere(editor: Editor) -> None:
    editor.place_caret()
    editor.page.type(editor.words(2))


def type_over_a_selection(editor: Editor) -> None:
    editor.select_some()
    editor.page.type(editor.words(1))


def type_an_emoji(editor: Editor) -> None:
    editor.page.type(editor.rng.choice(["🌳", "🌞", "x🌡y"]))


def break_the_line(editor: Editor) -> None:
    editor.page.press(editor.rng.choice(["Enter", "Shift+Enter"]))


def press_some(*chords: str, most: int = 3) -> Callable[[Editor], None]:
    """Press one of these chords a few times."""

    def press(editor: Editor) -> None:
        chord = editor.rng.choice(chords)
        for _ in editor.times(most):
            editor.page.press(chord)

    return press


def replace_all(editor: Editor) -> None:
    editor.page.press("Control+a").type(editor.words())


def leave_and_come_back(editor: Editor) -> None:
    editor.page.click("#source").click("#answer")


def leave_by_tab(editor: Editor) -> None:
    editor.page.press("Tab", "Shift+Tab")


def paste_own(editor: Editor) -> None:
    editor.select_some()
    editor.page.press("Control+c")
    editor.place_caret()
    editor.page.press("Control+v")


def cut_and_paste(editor: Editor) -> None:
    editor.select_some()
    editor.page.press("Control+x")
    editor.place_caret()
    editor.page.press("Control+v")


def paste_over_a_selection(editor: Editor) -> None:
    editor.take_to_clipboard(editor.words())
    editor.select_some()
    editor.page.press("Control+v")


def paste_foreign(editor: Editor) -> None:
    editor.take_to_clipboard(f"Foreign {editor.words()}. ")
    editor.place_caret()
    editor.page.press("Control+v")


def paste_odd(editor: Editor) -> None:
    editor.take_to_clipboard(editor.odd_text())
    editor.place_caret()
    editor.page.press("Control+v")


def paste_from_item(editor: Editor) -> None:
    editor.page.copy_from_item(editor.rng.choice(PASSAGES)).click("#answer").press("Control+v")


def reload(editor: Editor) -> None:
    page = editor.page
    loads = sum(map(bool, page.stored()))
    page.driver.reload()
    page.wait_for_recorder(loads + 1)
    until(lambda: page.run_on_box(_WRITABLE), "the draft")
    page.click("#answer")


def drag_own(editor: Editor) -> None:
    start, end = editor.select_some()
    if end - start > 1:
        editor.page.drag(start, end, editor.rng.choice([0, start + 1, editor.page.selection[1]]))


def drag_from_item(editor: Editor) -> None:
    editor.page.drag_from_item(editor.rng.choice(PASSAGES), 0).click("#answer")


BY_HAND: Final[Mapping[str, Callable[[Editor], None]]] = {
    "type words": type_words,
    "type elsewhere": type_elsewhere,
    "type over a selection": type_over_a_selection,
    "type an emoji": type_an_emoji,
    "break the line": break_the_line,
    "backspace": press_some("Backspace"),
    "delete": press_some("Delete"),
    "delete a word": press_some("Control+Backspace", "Control+Delete"),
    "move": press_some("Home", "End", "ArrowLeft", "ArrowRight", "ArrowUp", "Control+Home", "Control+ArrowLeft"),
    "select by keys": press_some("Shift+ArrowLeft", "Shift+Home", "Control+Shift+ArrowLeft"),
    "undo": press_some("Control+z"),
    "redo": press_some("Control+Shift+z"),
    "replace all": replace_all,
    "leave and come back": leave_and_come_back,
    "leave by tab": leave_by_tab,
    "paste own text": paste_own,
    "cut and paste": cut_and_paste,
    "paste over a selection": paste_over_a_selection,
    "paste foreign text": paste_foreign,
    "paste odd text": paste_odd,
    "paste from the item": paste_from_item,
    "reload": reload,
}
BY_POINTER: Final[Mapping[str, Callable[[Editor], None]]] = {
    "drag own text": drag_own,
    "drag from the item": drag_from_item,
}

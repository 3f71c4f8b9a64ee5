"""Operations of scripts in the page, of input methods, and of input tools that only Chromium's protocol has."""

from collections.abc import Callable, Mapping
from typing import Final

from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.firefox import Firefox
from tests.browser.fuzzing.editor import Editor


def script(source: str, *, odd: bool = False) -> Callable[[Editor], None]:
    """Run a script with a random text."""

    def run(editor: Editor) -> None:
        editor.run(source, editor.odd_text() if odd else editor.words())

    return run


def on_a_selection(source: str) -> Callable[[Editor], None]:
    """Select something, then run a script."""

    def run(editor: Editor) -> None:
        editor.select_some()
        editor.run(source, editor.words(1))

    return run


def type_where_a_script_meddles(editor: Editor) -> None:
    """The page changes what is typed in the same moment, as pages that write capitals do."""
    editor.run(
        """box.addEventListener("input", () => {
          const { selectionStart } = box;
          box.value = box.value.toUpperCase().toLowerCase();
          box.setSelectionRange(selectionStart, selectionStart);
        }, { once: true });"""
    )
    editor.page.type(editor.words(1))


def type_what_is_refused(editor: Editor) -> None:
    """The page prevents the first letter."""
    editor.run('box.addEventListener("beforeinput", (event) => event.preventDefault(), { once: true });')
    editor.page.type(editor.words(1))


def type_into_little_room(editor: Editor) -> None:
    """The box takes only a few letters more, of a paste as well."""
    editor.take_to_clipboard(editor.words(6))
    editor.run("box.maxLength = box.value.length + 4; box.setSelectionRange(2, 2);")
    editor.page.press("Control+v").type(editor.words(2))
    editor.run("box.removeAttribute('maxlength');")


def type_while_read_only(editor: Editor) -> None:
    editor.run("box.readOnly = true;")
    editor.page.type("x").press("Backspace")
    editor.run("box.readOnly = false;")


def compose(editor: Editor) -> None:
    """A composition that grows, is changed, and is taken or given up."""
    window = editor.page.driver
    assert isinstance(window, Chromium | Firefox)
    for text in ("n", "に", "にほ", "日本")[: editor.rng.randint(1, 4)]:
        window.compose(text)
    window.commit(editor.rng.choice(["日本", "に", ""]))


def compose_over_a_word(editor: Editor) -> None:
    """As a phone's keyboard does when it corrects what stands there."""
    window = editor.page.driver
    assert isinstance(window, Chromium)
    start, end = editor.select_some()
    editor.page.select(end, end)
    word = editor.words(1)
    window.compose(word, over=(start, end))
    window.commit(word)


def insert_by_tool(editor: Editor) -> None:
    window = editor.page.driver
    assert isinstance(window, Chromium)
    window.commit(editor.words())


_TOLD = "box.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText', data: text }));"

BY_SCRIPT: Final[Mapping[str, Callable[[Editor], None]]] = {
    "set the value": script("box.value += ' ' + text;"),
    "set an odd value": script("box.value = text + box.value;", odd=True),
    "set the same value": script("box.value = box.value;"),
    "empty the box": script("box.value = '';"),
    "fill in and tell": script("box.value = text; box.dispatchEvent(new Event('input', { bubbles: true }));"),
    "tell of no change": script("box.dispatchEvent(new InputEvent('input', { inputType: 'insertText', data: 'x' }));"),
    "set a range": script("box.setRangeText(text, 0, Math.min(3, box.value.length), 'preserve');"),
    "set a range without focus": script("box.blur(); box.setRangeText(text); box.focus();"),
    "replace a word and tell": on_a_selection(f"box.setRangeText(text); {_TOLD}"),
    "command to insert": script("document.execCommand('insertText', false, text);"),
    "command to insert odd text": script("document.execCommand('insertText', false, text);", odd=True),
    "command to delete": on_a_selection("document.execCommand('delete');"),
    "command to undo": script("document.execCommand('undo');"),
    "reset the form": script("box.form.reset();"),
    "type where a script meddles": type_where_a_script_meddles,
    "type what is refused": type_what_is_refused,
    "type into little room": type_into_little_room,
    "type while read-only": type_while_read_only,
}
BY_INPUT_METHOD: Final[Mapping[str, Callable[[Editor], None]]] = {"compose": compose}
BY_TOOL: Final[Mapping[str, Callable[[Editor], None]]] = {
    "compose over a word": compose_over_a_word,
    "insert by an input tool": insert_by_tool,
}

"""The interface of a browser engine for these tests: actions of a person, and of a page's scripts."""

from typing import Any, Protocol


class Driver(Protocol):
    """One window of one engine, with the task in a frame of another site."""

    engine: str

    def open(self, url: str) -> None:
        """Load a page in the window, and find the task in its frame whenever it is asked for."""

    def reload(self) -> None:
        """Load the window's page again."""

    def back(self) -> None:
        """Go back to the page before."""

    def run(self, function: str, *arguments: Any) -> Any:
        """Call a JavaScript function in the task's frame and return its result."""

    def run_outside(self, function: str) -> Any:
        """Call a JavaScript function in the page around the task's frame."""

    def look(self, function: str, *arguments: Any) -> Any:
        """As `run`, for reading only: None while one page gives way to the next."""

    def type(self, text: str) -> None:
        """Press and release the key of each character."""

    def press(self, chord: str) -> None:
        """Press a key with its modifiers, as in `Control+Shift+v`."""

    def click(self, selector: str) -> None:
        """Click the middle of an element in the task's frame."""

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press the pointer at one spot of the frame (CSS pixels), move it and let go at the other."""

    def put_on_clipboard(self, text: str) -> None:
        """Copy a text in another window, and come back."""

    def close_tab(self) -> None:
        """Close the tab as a person does; the browser lives on."""

    def close(self) -> None:
        """Give the window back, if it is open, and all that it holds."""

"""A small client for WebDriver BiDi: commands over one web socket, each waiting for its own answer."""

import json
from contextlib import ExitStack
from typing import Any

from websockets.sync.client import connect

_ANSWER_S = 30


class BidiError(Exception):
    """The browser refused a command. `code` is the protocol's name of the error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Bidi:
    """One session with one browser."""

    def __init__(self, address: str) -> None:
        self._open = ExitStack()
        self._socket = self._open.enter_context(
            connect(f"{address}/session", max_size=None, open_timeout=_ANSWER_S, proxy=None)
        )
        self._number = 0
        self.send("session.new", capabilities={})

    def send(self, method: str, **parameters: Any) -> Any:
        """The result of a command. Raises BidiError; events that come in between are left aside."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv(timeout=_ANSWER_S))
            if answer.get("id") == self._number:
                break
        if answer["type"] == "error":
            raise BidiError(answer["error"], answer["message"])
        return answer["result"]

    def close(self) -> None:
        """Close the socket; the browser lives on."""
        self._open.close()

"""A client for chat completions of any OpenAI-compatible endpoint."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx2

from keytrail.errors import Unavailable

TRIES = 6
_LONGEST_WAIT_S = 300.0
_FIRST_WAIT_S = 1.0
_TOO_MANY, _SERVER_FAULT, _CLIENT_FAULT = 429, 500, 400
_FEWEST_WORDS = 10
"""A shorter answer is a refusal or a fragment, and is requested again."""


@dataclass(frozen=True)
class Completion:
    """One answer with its cost."""

    text: str
    model: str
    """As the endpoint names it, possibly more precise than the requested name."""
    usage: dict[str, int] = field(default_factory=dict)

    @property
    def tokens(self) -> int:
        """Tokens in and out, 0 if the endpoint does not report them."""
        return self.usage.get("total_tokens", 0)


class _Again(Exception):
    """The request may succeed if it is repeated; `wait_s` if the endpoint said when."""

    def __init__(self, why: str, wait_s: float | None = None) -> None:
        super().__init__(why)
        self.wait_s = wait_s


class ChatClient:
    """Send requests to one endpoint, at most `per_minute`, and retry temporary failures: 429, 5xx, time-outs, broken
    answers.

    `url` is the address before `/chat/completions`, for example `https://api.example.org/v1`.
    """

    def __init__(  # what differs between endpoints, and the clock for tests
        self,
        url: str,
        key: str = "",
        *,
        per_minute: float = 60.0,
        timeout_s: float = 120.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self._http = httpx2.Client(base_url=url.rstrip("/") + "/", headers=headers, timeout=timeout_s)
        self._gap_s = 60.0 / per_minute
        self._sleep, self._clock = sleep, clock
        self._next_at = clock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def complete(self, *, model: str, prompt: str, temperature: float) -> Completion:
        """Return one answer. Raises Unavailable if the endpoint refuses, or still fails after six attempts."""
        body = {"model": model, "temperature": temperature, "messages": [{"role": "user", "content": prompt}]}
        why = ""
        for number in range(TRIES):
            self._hold_back()
            try:
                return self._ask(body)
            except _Again as again:
                why = str(again)
                if number + 1 < TRIES:
                    backoff = _FIRST_WAIT_S * 2.0**number if again.wait_s is None else again.wait_s
                    self._sleep(min(backoff, _LONGEST_WAIT_S))
        raise Unavailable(f"The language model's endpoint failed {TRIES} times, last by {why}. Run again to go on.")

    def _hold_back(self) -> None:
        now = self._clock()
        if now < self._next_at:
            self._sleep(self._next_at - now)
        self._next_at = max(now, self._next_at) + self._gap_s

    def _ask(self, body: dict[str, Any]) -> Completion:
        try:
            answer = self._http.post("chat/completions", json=body)
        except httpx2.TransportError as problem:
            raise _Again(f"{type(problem).__name__}: no answer") from problem
        status = answer.status_code
        if status == _TOO_MANY or status >= _SERVER_FAULT:
            raise _Again(f"status {status}", _retry_after(answer.headers.get("retry-after")))
        if status >= _CLIENT_FAULT:
            raise Unavailable(f"The language model's endpoint refused with status {status}: {answer.text[:300]}")
        try:
            return _read(answer.json(), body["model"])
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as problem:
            raise _Again("an answer that is not a chat completion") from problem


def _read(answer: Any, asked: str) -> Completion:
    text = answer["choices"][0]["message"]["content"].strip()
    if len(text.split()) < _FEWEST_WORDS:
        raise _Again("an answer of a few words only")
    usage = {name: count for name, count in (answer.get("usage") or {}).items() if isinstance(count, int)}
    return Completion(text, str(answer.get("model") or asked), usage)


def _retry_after(value: str | None) -> float | None:
    """Return seconds; a date is not parsed, the usual wait then applies."""
    try:
        return None if value is None else max(0.0, float(value))
    except ValueError:
        return None

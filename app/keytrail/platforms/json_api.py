"""JSON over HTTP as marketplaces offer it; whatever goes wrong becomes one sentence that says what to do."""

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from keytrail.platforms.errors import PlatformFault

if TYPE_CHECKING:
    import ssl

    import httpx2

Method = Literal["GET", "POST", "PATCH", "DELETE"]

_TIMEOUT_S = 30
_SERVER_ERROR = 500
_TOO_MANY = 429
_REFUSED_KEY = (401, 403)
_MOST_WORDS = 300
# Of participants, submissions and studies: Prolific's, and those of 32 or with hyphens. What people read names nobody.
_ANY_ID = re.compile(r"\b(?:[0-9a-fA-F]{24}|[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\b")


@cache
def _certificates() -> "ssl.SSLContext":
    """Return the trusted certificates. Reading them takes twenty milliseconds, which each request would spend."""
    import httpx2  # noqa: PLC0415  # as below

    return httpx2.create_ssl_context()


class JsonApi:
    """One account at one marketplace. `label` names it in sentences, `setting` is where its key is set."""

    def __init__(self, label: str, setting: str, url: str, headers: Mapping[str, str]) -> None:
        self._label = label
        self._setting = setting
        self._url = url
        self._headers = headers

    def call(
        self,
        method: Method,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> "JsonAnswer":
        """Ask, and read the answer; an empty one is an empty object.

        Raises PlatformFault, `unsure` where a change may have been made though nobody said so.
        """
        import httpx2  # noqa: PLC0415  # a tenth of a second, which whoever asks no marketplace does not pay

        changes = method != "GET"
        try:
            answer = httpx2.request(
                method,
                self._url + path,
                params=params,
                json=body,
                headers={**self._headers, **(headers or {})},
                timeout=_TIMEOUT_S,
                verify=_certificates(),
            )
        except httpx2.ConnectError as error:
            raise PlatformFault(f"{self._label} could not be reached ({error}). Try again later.") from error
        except httpx2.TransportError as error:
            failure = "in time" if isinstance(error, httpx2.TimeoutException) else f"to the end ({error})"
            raise PlatformFault(f"{self._label} did not answer {failure}.", unsure=changes) from error
        if answer.is_error:
            raise self._refusal(answer, unsure=changes and answer.status_code >= _SERVER_ERROR)
        try:
            found: Any = answer.json() if answer.content.strip() else {}
        except ValueError as error:
            raise PlatformFault(
                f"{self._label} answered with something that cannot be read.", unsure=changes
            ) from error
        return JsonAnswer(found if isinstance(found, dict) else {"results": found}, answer.headers)

    def _refusal(self, answer: "httpx2.Response", *, unsure: bool) -> PlatformFault:
        status = answer.status_code
        if status == _TOO_MANY:
            wait = answer.headers.get("retry-after", "")
            when = f"in {wait} seconds" if wait.isdigit() else "in a few minutes"
            return PlatformFault(f"{self._label} takes no more requests for now. Nothing was done; try again {when}.")
        if status in _REFUSED_KEY:
            return PlatformFault(
                f"{self._label} refused the key in {self._setting} ({status}: {reason_of(answer)}). "
                "Check it and restart."
            )
        if status >= _SERVER_ERROR:
            return PlatformFault(f"{self._label} failed ({status}: {reason_of(answer)}).", unsure=unsure)
        return PlatformFault(f"{self._label} refused ({status}): {reason_of(answer)}")


class JsonAnswer:
    """An object that a marketplace answered with, and its headers."""

    def __init__(self, content: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        self.content = content
        self.headers = headers

    def text(self, *names: str) -> str:
        """The first of these members that is there, as text; empty without any."""
        return next((str(self.content[name]) for name in names if self.content.get(name)), "")

    def rows(self, name: str = "results") -> list[Mapping[str, Any]]:
        """A list of objects among the members; empty without it."""
        found = self.content.get(name)
        return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def reason_of(answer: "httpx2.Response") -> str:
    """What the marketplace says went wrong: without the JSON around it where its place is known, and without ids."""
    try:
        found: Any = answer.json()
    except ValueError:
        return _ANY_ID.sub("(id)", answer.text[:_MOST_WORDS]).strip() or "without a reason"
    error = found.get("error", found) if isinstance(found, dict) else found
    detail = error.get("detail") or error.get("title") if isinstance(error, dict) else None
    return _ANY_ID.sub("(id)", str(detail or error)[:_MOST_WORDS])

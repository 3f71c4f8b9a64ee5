"""Read request bodies up to a limit before anything else handles the request."""

from collections import Counter
from collections.abc import Awaitable, Callable

from python_multipart.multipart import parse_options_header
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from keytrail.errors import BadRequest, DomainError, TooLarge, Unavailable
from keytrail.sessions.beginnings import network_of
from keytrail.settings import Settings
from keytrail.web.audience import Audience, audience_of
from keytrail.web.requests import Answer, header

BATCHES = "/api/worker/events"
# Bodies that are still coming in are kept in memory. One address may fill a quarter of what there is for them.
_MOST_HELD = 128 * 2**20
_MOST_HELD_BY_ONE = _MOST_HELD // 4

_MOST_FIELDS = 1000
"""As many as the framework itself allows, which counts no empty ones."""

MayUpload = Callable[[Request], Awaitable[bool]]


class Bodies:
    """ASGI middleware: a size limit for each kind of request; the whole body is read before the application is called.

    Routes therefore never hold a database connection while waiting for a slow client. Batches of events have their own
    reader; only their Content-Length is checked here, and what is kept of incomplete ones.
    """

    def __init__(self, app: ASGIApp, settings: Settings, answer: Answer, may_upload: MayUpload) -> None:
        self.app = app
        self._answer = answer
        self._may_upload = may_upload
        self._batch = settings.max_batch_bytes
        self._upload = settings.max_upload_bytes
        self._limits = {
            Audience.WORKER: settings.max_text_bytes,
            Audience.USER: settings.max_form_bytes,
            Audience.STATIC: 0,
            Audience.PROBE: 0,
        }
        self._held: Counter[str] = Counter()
        self._total = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read and check the body, and pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = header(scope, b"content-length")
        if scope["path"] == BATCHES:
            if (length.isdecimal() and len(length) < 20 and int(length) <= self._batch) or not length:  # noqa: PLR2004
                await self._with_batch(scope, receive, send)
            else:
                await self._refuse(TooLarge(_sentence(self._batch)), scope, receive, send)
            return
        if not length and not header(scope, b"transfer-encoding"):
            await self._checked(b"", scope, receive, send)
            return
        await self._with_body(length, scope, receive, send)

    async def _with_batch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a batch while it is incomplete; nearly all arrive whole."""
        address, held = "", 0

        async def counted() -> Message:
            nonlocal address, held
            message = await receive()
            if message.get("more_body"):
                address = address or _address_of(scope)
                held += len(message["body"])
                self._hold(address, len(message["body"]))
            return message

        try:
            await self.app(scope, counted, send)
        finally:
            if held:
                self._release(address, held)

    async def _with_body(self, length: str, scope: Scope, receive: Receive, send: Send) -> None:
        address = _address_of(scope)
        body = bytearray()
        try:
            whole = await self._read(body, length, address, Request(scope), receive)
        except DomainError as error:
            await self._refuse(error, scope, receive, send)
            return
        finally:
            self._release(address, len(body))
        if whole:
            await self._checked(bytes(body), scope, receive, send)
        else:
            # To nobody: the browser went away in the middle of a body.
            await send({"type": "http.response.start", "status": 400, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    async def _read(self, body: bytearray, length: str, address: str, request: Request, receive: Receive) -> bool:
        """Read the body and return whether it is complete. Raises TooLarge once it is, or is declared, longer than
        allowed.
        """
        limit = self._limits[audience_of(request.url.path)]
        declared = int(length[:20]) if length.isdecimal() else 0
        complete = False
        while True:
            limit = await self._allowed(max(declared, len(body)), limit, request)
            if complete:
                return True
            message = await receive()
            if message["type"] == "http.disconnect":
                return False
            piece = message.get("body", b"")
            body += piece
            self._hold(address, len(piece))
            complete = not message.get("more_body", False)

    def _hold(self, address: str, size: int) -> None:
        """Count bytes that are kept until a body is complete. Raises Unavailable if that is too much."""
        self._held[address] += size
        self._total += size
        if self._held[address] > _MOST_HELD_BY_ONE or self._total > _MOST_HELD:
            raise Unavailable("The server is busy. Please try again in a moment.")

    def _release(self, address: str, size: int) -> None:
        self._held[address] -= size
        self._total -= size
        if not self._held[address]:
            del self._held[address]

    async def _allowed(self, size: int, limit: int, request: Request) -> int:
        """Return the limit for a body of at least this size; the sign-in is looked up for large bodies only."""
        if size <= limit:
            return limit
        if _takes_files(request.url.path) and limit < self._upload:
            if not await self._may_upload(request):
                raise TooLarge(f"{_sentence(limit)} Sign in to send larger files.")
            limit = self._upload
        if size > limit:
            raise TooLarge(_sentence(limit))
        return limit

    async def _checked(self, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        if _holds_nul(scope, body):
            await self._refuse(
                BadRequest("This request holds a character that cannot be shown (NUL). Remove it and try again."),
                scope, receive, send,
            )  # fmt: skip
            return
        if _has_many_fields(scope, body):
            await self._refuse(TooLarge(f"A form may have at most {_MOST_FIELDS} fields."), scope, receive, send)
            return
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay, send)

    async def _refuse(self, error: DomainError, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer and close the connection; the rest of the body is not read."""
        answer = self._answer(Request(scope), error)
        answer.headers["connection"] = "close"
        await answer(scope, receive, send)


def _address_of(scope: Scope) -> str:
    client = scope.get("client")
    return network_of(str(client[0])) if client else ""


def _holds_nul(scope: Scope, body: bytes) -> bool:
    """Return whether a name, a parameter or a field contains NUL, which PostgreSQL refuses even in a query.

    Workers' texts may contain it (BrowserText stores it), and so may files, which their readers check: a workbook is
    full of NUL.
    """
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return True
    if not body or audience_of(scope["path"]) is Audience.WORKER:
        return False
    kind, parameters = parse_options_header(header(scope, b"content-type"))
    match kind.decode("latin-1"):
        case "application/x-www-form-urlencoded":
            return b"%00" in body or b"\0" in body
        case "multipart/form-data":
            return b"\0" in _without_files(body, b"--" + parameters.get(b"boundary", b""))
        case _:
            return False


def _has_many_fields(scope: Scope, body: bytes) -> bool:
    """Return whether a form has so many fields that to take it apart, empty ones too, would hold everybody up."""
    if body.count(b"&") + body.count(b";") < _MOST_FIELDS:
        return False
    kind, _ = parse_options_header(header(scope, b"content-type"))
    return kind == b"application/x-www-form-urlencoded"


def _takes_files(path: str) -> bool:
    """Return whether people who are signed in may upload files here; programs send nothing large."""
    return audience_of(path) is Audience.USER and not path.startswith("/api/")


def _without_files(body: bytes, delimiter: bytes) -> bytes:
    """Return the fields of a multipart body and the headers of its files, without the files' contents."""
    parts = (part.partition(b"\r\n\r\n") for part in body.split(delimiter))
    return b"".join(head if b"filename" in head.lower() else head + content for head, _, content in parts)


def _sentence(limit: int) -> str:
    size = f"{limit / 1e6:.3g} MB" if limit >= 1e6 else f"{limit / 1000:.3g} kB"  # noqa: PLR2004  # a megabyte
    return f"A request may have at most {size}. Send less."

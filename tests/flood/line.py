"""Requests over plain sockets: cheap to send by the hundred, and able to stop half-way."""

import asyncio
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

_END_OF_HEAD = b"\r\n\r\n"
_CHUNK = 65_536


@dataclass(frozen=True)
class Answer:
    """Status 0: the server ended the connection without an answer."""

    status: int
    body: bytes


def message(
    method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, *, length: int | None = None
) -> bytes:
    """A request; `length` is what its header promises, if not the truth."""
    lines = {"host": "127.0.0.1", **(headers or {})}
    if method != "GET":
        lines["content-length"] = str(len(body) if length is None else length)
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


class Line:
    """One connection that is kept open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def to(cls, port: int, receive_buffer: int = 0) -> "Line":
        """Connect; a small `receive_buffer` lets an answer that is not read stall soon."""
        plain = socket.socket()
        if receive_buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        plain.setblocking(False)  # noqa: FBT003  # the standard library's name
        try:
            await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", port))
        except BaseException:
            plain.close()
            raise
        return cls(*await asyncio.open_connection(sock=plain))

    async def ask(self, request: bytes) -> Answer:
        """Send, and read the answer to its end."""
        try:
            self.writer.write(request)
            await self.writer.drain()
            head = (await self.reader.readuntil(_END_OF_HEAD)).lower()
            status = int(head[9:12])
            if b"content-length:" in head:
                size = int(head.partition(b"content-length:")[2].partition(b"\r")[0])
                return Answer(status, await self.reader.readexactly(size))
            return Answer(status, await self._chunks())
        except (OSError, asyncio.IncompleteReadError):
            return Answer(0, b"")

    async def _chunks(self) -> bytes:
        body = b""
        while size := int(await self.reader.readline(), 16):
            body += await self.reader.readexactly(size + 2)
        await self.reader.readline()
        return body

    async def close(self) -> None:
        """End it at once, whatever is on its way."""
        self.writer.transport.abort()
        with suppress(OSError):
            await self.writer.wait_closed()


async def ask_once(port: int, request: bytes) -> Answer:
    """Over a connection of its own."""
    try:
        line = await Line.to(port)
    except OSError:
        return Answer(0, b"")
    try:
        return await line.ask(request)
    finally:
        await line.close()

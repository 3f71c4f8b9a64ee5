"""JSON responses for any browser text, including lone surrogates."""

import json
from typing import Any

from fastapi.responses import JSONResponse


class AsciiJSON(JSONResponse):
    """JSON response with everything beyond ASCII escaped, because a lone surrogate cannot be encoded as UTF-8."""

    def render(self, content: Any) -> bytes:
        """Return the encoded body."""
        return json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")

"""JSON that can carry any browser text."""

import json
from typing import Any

from fastapi.responses import JSONResponse


class AsciiJSON(JSONResponse):
    """Escapes everything beyond ASCII: a lone surrogate has no UTF-8 form and would fail the whole answer."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")

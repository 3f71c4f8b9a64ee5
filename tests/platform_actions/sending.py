"""The two steps of sending in the dashboard: the preview, and the button that confirms it."""

import re

FIELD = re.compile(r'<input type="hidden" name="(pick|fingerprint|again)" value="([^"]*)">')


def confirmed(preview: str) -> dict[str, str | list[str]]:
    """Return the fields of the preview's confirming form."""
    found = FIELD.findall(preview)
    again = [value for name, value in found if name == "again"]
    return {
        **({"again": again} if again else {}),
        "fingerprint": "".join(value for name, value in found if name == "fingerprint"),
        "pick": [value for name, value in found if name == "pick"],
    }

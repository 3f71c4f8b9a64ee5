"""The two steps by which a page's reader sends: the preview, and the button that confirms it."""

import re

FIELD = re.compile(r'<input type="hidden" name="(pick|fingerprint)" value="([^"]*)">')


def confirmed(preview: str) -> dict[str, str | list[str]]:
    """The fields of the confirming form of a preview's page."""
    found = FIELD.findall(preview)
    return {
        "fingerprint": "".join(value for name, value in found if name == "fingerprint"),
        "pick": [value for name, value in found if name == "pick"],
    }

"""Configuration of the documentation site: `make site` builds it, without a warning, into docs/_build/html."""

import sys
from pathlib import Path

_DOCS = Path(__file__).parent
sys.path.insert(0, str(_DOCS))

import reference  # noqa: E402 - stands beside this file, which Sphinx does not put on the path

from keytrail import __version__  # noqa: E402 - as above

# Written before Sphinx looks for its sources; not committed.
reference.write(_DOCS / "reference")

project = "Keytrail"
author = "The Keytrail authors"
release = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True

# Links to headings are checked as well as links to pages.
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "smartquotes"]
suppress_warnings = [
    # The documents are read on code hosts too, where a page may start its sections at any level.
    "myst.header",
    # Examples in the wire format shorten JSON with dots.
    "misc.highlighting_failure",
]

html_theme = "furo"
html_title = f"Keytrail {release}"
html_copy_source = False
html_show_sphinx = False

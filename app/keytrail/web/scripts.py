"""Serve scripts: an entry module and the modules of its folder in one file, without comments.

A worker's page then loads two scripts instead of sixteen, and the recorder stays under 4 kB. The sources are ES modules
that run without a build step. Two coding rules keep bundling simple (tests/js/conventions.test.js): imports and exports
use names, and no top-level name occurs twice in a folder.
"""

import re
from functools import lru_cache
from pathlib import Path

import rjsmin

_IMPORT = re.compile(r'^import \{[^{}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const|class)", re.MULTILINE)


@lru_cache
def served_script(entry: Path) -> bytes:
    """Return a script with the modules that it imports from its folder, minified.

    Cached per process: installed files do not change while it runs.
    """
    return str(rjsmin.jsmin(fold(entry))).encode()


def fold(entry: Path) -> str:
    """Return the module with everything that it imports from its folder, each module once, imported ones first."""
    done: set[str] = set()

    def module(name: str) -> str:
        if name in done:
            return ""
        done.add(name)
        source = (entry.parent / name).read_text(encoding="utf-8")
        own = _IMPORT.sub("", source)
        needed = "".join(map(module, _IMPORT.findall(source)))
        return needed + (own if name == entry.name else _EXPORT.sub("", own))

    return module(entry.name)

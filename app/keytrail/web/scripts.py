"""JavaScript as browsers get it: an entry module with the modules of its own folder folded in, without comments.

A worker's page then asks for two scripts instead of sixteen, and the recorder stays under 4 kB. The sources are ES
modules that run as they are; two rules of writing make folding this simple (tests/js/conventions.test.js): imports and
exports go by name, and no top-level name stands twice in a folder.
"""

import re
from functools import lru_cache
from pathlib import Path

import rjsmin

_IMPORT = re.compile(r'^import \{[^{}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const|class)", re.MULTILINE)


@lru_cache
def served_script(entry: Path) -> bytes:
    """The body of a script: what it imports from its own folder is in it, comments and needless blanks are not.

    Read once a process: files of an installation do not change while it runs.
    """
    return str(rjsmin.jsmin(fold(entry))).encode()


def fold(entry: Path) -> str:
    """The module with everything it imports from its own folder: each once, the imported before the importing."""
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

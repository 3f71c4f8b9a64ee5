"""Keep a small database of the present version: `python -m tests.released`, once, when it is released."""

import tempfile
from pathlib import Path

from keytrail import __version__
from tests.released.building import build, dump

with tempfile.TemporaryDirectory() as folder:
    (Path(__file__).parent / f"{__version__}.sql").write_text(dump(build(Path(folder))), encoding="utf-8")

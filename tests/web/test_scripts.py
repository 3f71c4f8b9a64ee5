import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from keytrail.resources import STATIC
from keytrail.web.scripts import fold, served_script

RECORDER = STATIC / "recorder" / "recorder.js"
TASK = STATIC / "worker" / "task.js"


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 9))


def test_the_recorder_has_at_most_4_kb_compressed_all_its_modules_together() -> None:
    assert compressed(served_script(RECORDER)) <= 4096


def test_what_the_workers_page_loads_beside_its_html_stays_under_12_kb_compressed() -> None:
    styles = sum(compressed((STATIC / name).read_bytes()) for name in ("tokens.css", "worker/task.css"))
    assert compressed(served_script(RECORDER)) + compressed(served_script(TASK)) + styles <= 12_000


@pytest.mark.parametrize("entry", [RECORDER, TASK])
def test_every_module_of_the_folder_that_is_imported_is_in_it_once(entry: Path) -> None:
    folded = fold(entry)
    assert not re.search(r"^import ", folded, re.MULTILINE)
    for module in entry.parent.glob("*.js"):
        for symbol in re.findall(r"^export (?:const|class) (\w+)", module.read_text(), re.MULTILINE):
            assert len(re.findall(rf"^(?:export )?(?:const|class) {symbol}\b", folded, re.MULTILINE)) == 1


@pytest.mark.parametrize(("entry", "exports"), [(RECORDER, "record"), (TASK, "")])
def test_the_served_form_is_a_module_with_the_same_exports(entry: Path, exports: str, tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node, "Node is not installed (Debian package 'nodejs')"
    script = tmp_path / "served.mjs"
    script.write_bytes(served_script(entry))
    # Two modules with one top-level name would be a syntax error.
    subprocess.run([node, "--check", str(script)], check=True, capture_output=True, timeout=60)
    assert re.findall(rb"export const (\w+)", script.read_bytes()) == ([exports.encode()] if exports else [])

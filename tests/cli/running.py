"""Start the real command in a separate process."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-c", "from keytrail.cli import main; main()"]
ROOT = Path(__file__).parents[2]


def keytrail(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `keytrail` to its end with a data folder of its own."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=data.parent,
        env=clean_environment(data) | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def clean_environment(data: Path) -> dict[str, str]:
    """This process's environment without its Keytrail settings."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("KEYTRAIL_")}
    return others | {"KEYTRAIL_DATA_DIR": str(data), "PYTHONPATH": str(ROOT), "COLUMNS": "200"}

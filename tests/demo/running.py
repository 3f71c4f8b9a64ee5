"""`keytrail demo` in a separate process."""

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

from tests.cli.running import COMMAND, clean_environment


class Demo:
    """A demo that runs on free ports; `told` is what it prints for programs."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [*COMMAND, "demo", "--port", "0", "--data", str(data), "--json"],
            cwd=data.parent,
            env=clean_environment(data),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        with self.process.stdout as output:
            self.told: dict[str, Any] = json.loads(output.readline())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

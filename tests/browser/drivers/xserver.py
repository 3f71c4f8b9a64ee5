"""A virtual screen for browsers that need one."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.processes import tied


@contextmanager
def screen(width: int = 1280, height: int = 1000) -> Iterator[str]:
    """The name of a display of our own, as in `:7`; it has a clipboard of its own."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
    with subprocess.Popen(tied(command), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        try:
            yield f":{server.stdout.readline().decode().strip()}"
        finally:
            server.terminate()

"""The sandbox marketplace in a separate process, which can be killed and restarted like the server."""

import os
import signal
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import boto3
import httpx2

from keytrail.demo.market_account import market_account
from tests.browser.processes import end, start
from tests.waiting import free_port, until

# What `keytrail sandbox` does, without loading the rest of the command line each time that it is started.
_SERVER = """
import sys
from pathlib import Path
import uvicorn
from keytrail.demo.market_account import market_account
from keytrail.sandbox import SandboxConfig, create_sandbox

folder, port = Path(sys.argv[1]), int(sys.argv[2])
account = market_account(folder)
config = SandboxConfig(folder / "sandbox.sqlite3", f"http://localhost:{port}", account.access_key, account.secret_key)
uvicorn.run(create_sandbox(config), port=port, log_level="warning")
"""


class Sandbox:
    """A marketplace with its database and its requester's credentials in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.origin = f"http://localhost:{self._port}"
        self.content_origin = f"http://content.localhost:{self._port}"
        self.credentials = market_account(folder).file
        self.start()
        self.wait()

    def start(self) -> None:
        """Start it; `wait` tells when it answers."""
        command = [sys.executable, "-c", _SERVER, str(self._folder), str(self._port)]
        self._process = start(command, self._folder / "sandbox.log", os.environ, self._folder)

    def wait(self) -> None:
        """Wait until it answers."""
        until(self._answers, "the sandbox to answer", seconds=60)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(30)

    def close(self) -> None:
        """End it politely."""
        assert self._process is not None
        end(self._process)

    def requester(self) -> Any:
        """An unmodified boto3 client."""
        found = ConfigParser()
        found.read(self.credentials)
        return boto3.client("mturk", endpoint_url=self.origin, region_name="us-east-1", **found["default"])

    @property
    def log(self) -> str:
        """What it wrote so far."""
        return (self._folder / "sandbox.log").read_text()

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log
        try:
            return httpx2.get(f"{self.origin}/sign-in").status_code == 200
        except httpx2.TransportError:
            return False

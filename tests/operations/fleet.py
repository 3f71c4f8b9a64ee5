"""Web servers and workers as processes of their own, on one database, that can be killed one by one."""

import os
import signal
import subprocess
from pathlib import Path

import httpx2

from tests.cli.running import COMMAND, clean_environment
from tests.waiting import free_port, until


class Fleet:
    """`keytrail serve`, with two processes unless told otherwise, and any number of `keytrail worker`s."""

    def __init__(self, folder: Path, database_url: str, processes: int = 2) -> None:
        self.folder = folder
        self._processes_each = processes
        self.data = folder / "data"
        self.data.mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.metrics = free_port()
        self.environment = clean_environment(self.data) | {
            "KEYTRAIL_DATABASE_URL": database_url,
            "KEYTRAIL_PUBLIC_URL": self.url,
            "KEYTRAIL_BACKGROUND": "worker" if processes > 1 else "inside",
            "KEYTRAIL_DATABASE_CONNECTIONS": "4",
        }
        self.clients: list[httpx2.Client] = []
        self.cookie = ""
        self._processes: list[subprocess.Popen[bytes]] = []

    def serve(self) -> subprocess.Popen[bytes]:
        """The web processes behind one port, with their metrics on another; waits until they answer."""
        command = ("serve", "--port", str(self.port), "--workers", str(self._processes_each))
        started = self._start("serve.log", *command, KEYTRAIL_METRICS_PORT=str(self.metrics))
        until(self.answers, "the servers", seconds=120)
        return started

    def work(self) -> subprocess.Popen[bytes]:
        """One more worker."""
        return self._start("worker.log", "worker")

    def answers(self) -> bool:
        """Whether the servers are ready."""
        try:
            return httpx2.get(f"{self.url}/readyz", timeout=10).status_code == 200
        except httpx2.TransportError:
            return False

    def log(self, name: str) -> str:
        """What was written so far."""
        return (self.folder / name).read_text()

    def close(self) -> None:
        """End all that still run."""
        for client in self.clients:
            client.close()
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self._processes:
            process.wait(60)

    def _start(self, log: str, *command: str, **more: str) -> subprocess.Popen[bytes]:
        with (self.folder / log).open("ab") as written:
            process = subprocess.Popen(
                [*COMMAND, *command], cwd=self.folder, env=self.environment | more, stderr=written, stdout=written
            )
        self._processes.append(process)
        return process


def children(process: "subprocess.Popen[bytes]") -> list[int]:
    """The web processes of a server: the children that listen, by Linux's own account of them."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in listed if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()]


def kill(pid: int) -> None:
    """As a power cut or the out-of-memory killer does."""
    os.kill(pid, signal.SIGKILL)

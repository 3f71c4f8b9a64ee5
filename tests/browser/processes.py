"""Child processes that end with the tests, however the tests end."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def start(command: Sequence[str], log: Path, environment: Mapping[str, str], folder: Path) -> "subprocess.Popen[bytes]":
    """Start a program that writes to a log; the kernel kills it with our own process, even if that is killed."""
    with log.open("ab") as output:
        return subprocess.Popen(
            tied(command), env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )


def tied(command: Sequence[str]) -> list[str]:
    """The command under util-linux' `setpriv`, which ties its life to ours."""
    return ["setpriv", "--pdeathsig", "KILL", "--", *command]


def end(process: "subprocess.Popen[bytes]", patience_s: float = 30) -> None:
    """Ask a program to end, and make it if it will not."""
    process.terminate()
    try:
        process.wait(patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

"""A PostgreSQL server for the benchmark, which waits for the disk at each commit, as is its default."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the URL of an empty database. Raises OSError if PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise OSError("PostgreSQL is not installed; the Debian package is 'postgresql'")
    binaries = (found[-1] if found else Path(str(on_path))).parent
    folder = Path(tempfile.mkdtemp(prefix="keytrail-bench-"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data = str(folder / "data")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    _run([*as_user, str(binaries / "initdb"), "-D", data, "-U", "keytrail", "-A", "trust", "-E", "UTF8", "--locale=C"])
    control = [*as_user, str(binaries / "pg_ctl"), "-D", data, "-w"]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    try:
        _run([*control, "-o", options, "-l", str(folder / "log"), "start"])
        yield f"postgresql+psycopg://keytrail@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str]) -> None:
    # The server keeps pg_ctl's standard output open, so reading a pipe would never end.
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, timeout=120)

"""Peers: the save endpoints of psiTurk and Potato under the same load, each in its own virtual environment.

Both save 50 events per request. In real use psiTurk's own script sends everything since the beginning each time, so its
requests grow; Potato's sends a session when the answer box loses the focus. Neither is measured beyond what it offers.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from itertools import repeat
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.ingesting.batches import EVENTS
from benchmarks.ingesting.client import Requests, drive, request
from benchmarks.ingesting.comparing import Load
from benchmarks.ingesting.sessions import written

_PATIENCE = 60
_JSON = {"content-type": "application/json"}
_PSITURK = """[HIT Configuration]
title = Ingest
[Database Parameters]
database_url = sqlite:///participants.db
[Server Parameters]
host = 127.0.0.1
port = {port}
logfile = server.log
loglevel = 4
threads = 1
"""
_POTATO = """annotation_task_name: ingest
port: {port}
task_dir: .
output_annotation_dir: annotation_output
output_annotation_format: jsonl
data_files: [items.json]
item_properties: {{id_key: id, text_key: text}}
require_password: false
user_config: {{allow_all_users: true, users: []}}
keystroke_logging: {{enabled: true}}
annotation_schemes:
  - {{annotation_type: text, name: summary, description: Write.}}
"""


@dataclass(frozen=True)
class Peer:
    """How to install, start and use a peer. `requests` makes one connection's requests after signing in."""

    name: str
    packages: tuple[str, ...]
    start: Callable[[Path, Path, int], list[str]]
    requests: Callable[[int, int, int], Requests]


def print_peers(load: Load) -> None:
    """Install each peer and measure its saves, or print why that is impossible."""
    for peer in (
        Peer("psiTurk: PUT /sync", ("psiturk==3.3.1", "cryptography<39"), _start_psiturk, _psiturk_requests),
        Peer("Potato: POST /api/track_typing", ("potato-annotation==2.12.1",), _start_potato, _potato_requests),
    ):
        with tempfile.TemporaryDirectory(prefix="keytrail-peer-") as folder:
            try:
                _print_peer(peer, Path(folder), load)
            except (OSError, subprocess.SubprocessError) as error:
                print(f"  {peer.name}: not measured ({error})")


def _print_peer(peer: Peer, folder: Path, load: Load) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    pip = [str(folder / "venv/bin/pip"), "install", "--quiet", "--quiet", "--disable-pip-version-check", *peer.packages]
    subprocess.run(pip, check=True, timeout=900)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    with _running(peer.start(folder / "venv/bin", folder, port), folder, port):
        runs = []
        for _ in range(load.rounds):
            connections = [peer.requests(port, number, load.each) for number in range(load.connections)]
            runs.append(drive([port], connections))
    failures = sum(len(run.failures) for run in runs)
    print(
        f"  {peer.name:32s} {median(run.per_second for run in runs):7.0f}/s   "
        f"p50 {median(run.percentile(0.5) for run in runs):6.1f} ms   "
        f"p99 {median(run.percentile(0.99) for run in runs):6.1f} ms" + (f"   FAILED {failures}" if failures else "")
    )


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    with (folder / "output.log").open("wb") as log:
        environment = os.environ | {"PSITURK_GLOBAL_CONFIG_LOCATION": str(folder)}
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=environment)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise OSError("its server did not start")
            time.sleep(0.2)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=_PATIENCE)


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _events() -> list[Any]:
    return written("steady", 1, 100)[:EVENTS]


def _start_psiturk(binaries: Path, folder: Path, port: int) -> list[str]:
    subprocess.run([str(binaries / "psiturk-setup-example")], cwd=folder, check=True, capture_output=True)
    example = folder / "psiturk-example"
    (example / "config.txt").write_text(_PSITURK.format(port=port))
    return ["env", "-C", str(example), str(binaries / "python"), "-m", "psiturk.experiment_server"]


def _psiturk_requests(port: int, number: int, each: int) -> Requests:
    query = urllib.parse.urlencode(
        {"hitId": "debugH", "assignmentId": f"A{number}", "workerId": f"W{number}", "mode": "debug"}
    )
    urllib.request.urlopen(f"http://127.0.0.1:{port}/exp?{query}", timeout=_PATIENCE).close()
    body = json.dumps({"currenttrial": 1, "trialdata": _events()}).encode()
    return repeat(request(f"/sync/W{number}:A{number}", body, "PUT", _JSON), each)


def _start_potato(binaries: Path, folder: Path, port: int) -> list[str]:
    (folder / "config.yaml").write_text(_POTATO.format(port=port))
    (folder / "items.json").write_text('[{"id": "1", "text": "A text."}]')
    options = ["-p", str(port), "--host", "127.0.0.1", "--require-password", "false"]
    return [str(binaries / "potato"), "start", "config.yaml", *options]


def _potato_requests(port: int, number: int, each: int) -> Requests:
    form = urllib.parse.urlencode({"email": f"W{number}", "pass": ""}).encode()
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(f"http://127.0.0.1:{port}/auth", form, timeout=_PATIENCE).close()
    cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
    events = [
        {"t_ms": 90 * place, "input_type": "insertText", "key_class": "letter", "pos": place, "delta": 1, "meta": None}
        for place in range(EVENTS)
    ]
    session: dict[str, Any] = {"schema_name": "summary", "label_name": "text_box", "instance_id": "1", "events": events}
    session |= {"started_at": 1.0, "ended_at": 5.5, "final_chars": EVENTS}
    body = json.dumps({"instance_id": "1", "sessions": [session]}).encode()
    return repeat(request("/api/track_typing", body, headers=_JSON | {"cookie": cookie}), each)

"""Print the cost of ingest: `python -m benchmarks.ingest`, about five minutes.

Bytes per keystroke; durable batches per second on SQLite and PostgreSQL, compared with routes of the same server that
only read the body; and the save endpoints of psiTurk and Potato. Client and server share the machine; nothing is
asserted.
"""

import argparse
import os
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from benchmarks.ingesting.batches import Batches, page_loads
from benchmarks.ingesting.comparing import Load, Route, compare
from benchmarks.ingesting.ground import prepare
from benchmarks.ingesting.keystroke_bytes import print_bytes
from benchmarks.ingesting.long_run import print_long_run
from benchmarks.ingesting.peers import print_peers
from benchmarks.ingesting.postgres import postgres
from benchmarks.ingesting.server import NO_OP, PLAIN_NO_OP
from keytrail.worker.events import PATH

_MILLION = 1_000_000


def main() -> None:
    """Parse the options and print the chosen measurements."""
    given = _options()
    load = Load(given.connections, given.each, given.rounds)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start; client and server share them")
    if given.rows:
        print_long_run(given.rows)
        return
    print("Bytes a keystroke, simulated typists of eight tempers, 1,000 keystrokes each")
    for flush_ms in (2000, 3000, 5000):
        print_bytes(flush_ms)
    _compare("SQLite, synchronous=FULL, one process", load)
    if not given.quick:
        _compare_on_postgres(load)
        print_peers(replace(load, each=min(load.each, 20), rounds=min(load.rounds, 3)))  # they take far longer


def _compare_on_postgres(load: Load) -> None:
    for processes in (1, 2):
        title = f"PostgreSQL, synchronous_commit=on, {processes} process" + "es" * (processes > 1)
        try:
            with postgres() as url:
                _compare(title, load, url, processes)
        except OSError as missing:
            print(f"{title}: not measured ({missing})")


def _compare(title: str, load: Load, url: str | None = None, processes: int = 1) -> None:
    print(f"{title}: batches of 50 events, {load.connections} connections, medians of {load.rounds} runs in turn")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ground = prepare(Path(folder), page_loads(load.connections, load.each) * (load.rounds + 1), url)
        servers = [stack.enter_context(ground.server()) for _ in range(processes)]
        routes = [
            Route("no-op, bare", NO_OP),
            Route("no-op, as FastAPI has it", PLAIN_NO_OP),
            Route("ingest", PATH),
        ]
        compare(servers, Batches(ground.tickets), routes, load)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--each", type=int, default=60, help="requests on each connection in a run")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="leave PostgreSQL, psiTurk and Potato out")
    parser.add_argument("--rows", type=int, help="only this: that many batches into one SQLite database")
    parser.add_argument(
        "--million", dest="rows", action="store_const", const=_MILLION, help="the same as --rows 1000000"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()

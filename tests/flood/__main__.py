"""`make attack`: run every flood for a while, and print how long honest batches took. Without pass or fail."""

import argparse
import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.flood.attack import attack
from tests.flood.floods import FLOODS, Flood, nothing
from tests.flood.ground import MEMORY, Ground, flooded_server
from tests.flood.honest import begun
from tests.postgres import postgres_server


def main() -> None:
    """Run the floods one after the other against one server and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="how long each flood goes on")
    parser.add_argument("--postgres", action="store_true", help="on a temporary PostgreSQL server instead of SQLite")
    given = parser.parse_args()
    print(f"A server of {MEMORY // 2**20} MB, {given.seconds:g} s a flood. The attacker runs on the same machine.")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"{stack.enter_context(postgres_server())}/postgres" if given.postgres else None
        ground = stack.enter_context(flooded_server(folder, url))
        for flood in (nothing, *FLOODS):
            _print(ground, flood, given.seconds)


def _print(ground: Ground, flood: Flood, seconds: float) -> None:
    tickets = [asyncio.run(begun(ground.port, f"{flood.__name__}{number}")) for number in range(8)]
    result = attack(ground, flood, tickets, seconds)
    honest = result.honest
    print(
        f"{flood.__name__:20} {len(honest.seconds):5} honest batches, {len(honest.refused)} refused; "
        f"p50 {honest.percentile(0.5):.3f}, p99 {honest.percentile(0.99):.3f}, "
        f"worst {max(honest.seconds):.3f} s; "
        f"memory {ground.memory_mb} MB; answers to the flood {dict(result.statuses)}; "
        f"{'lives' if ground.lives else 'HAS ENDED'}",
        flush=True,
    )


if __name__ == "__main__":
    main()

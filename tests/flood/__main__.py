"""`make attack`: run every flood for a while, and print how long honest batches took. Without pass or fail."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from tests.flood.attack import attack
from tests.flood.floods import FLOODS
from tests.flood.ground import MEMORY, flooded_server
from tests.flood.honest import begun


def main() -> None:
    """Run the floods one after the other against one server and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="how long each flood goes on")
    seconds = parser.parse_args().seconds
    print(f"A server of {MEMORY // 2**20} MB, {seconds:g} s a flood. The attacker runs on the same machine.")
    with tempfile.TemporaryDirectory() as folder, flooded_server(Path(folder)) as ground:
        for flood in FLOODS:
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

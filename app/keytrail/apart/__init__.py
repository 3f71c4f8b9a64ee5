"""Work in child processes, so that the server goes on taking in what workers write whatever the work costs."""

from keytrail.apart.bench import AtHand, Bench, Died, Helper
from keytrail.apart.once import run_apart

__all__ = ["AtHand", "Bench", "Died", "Helper", "run_apart"]

"""Compare routes by running them in turn, so that other load on the machine affects all of them alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.ingesting.batches import Batches
from benchmarks.ingesting.client import drive
from benchmarks.ingesting.ground import Server


@dataclass
class Route:
    """A route under load, with the figures of each run. `cpu` is the server's microseconds for one request."""

    name: str
    path: str
    per_second: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    middle: list[float] = field(default_factory=list)
    slowest: list[float] = field(default_factory=list)
    failures: int = 0

    def run(self, servers: Sequence[Server], batches: Batches, connections: int, each: int) -> None:
        """Measure one run."""
        before = sum(server.cpu_seconds for server in servers)
        measured = drive([server.port for server in servers], batches.connections(self.path, connections, each))
        spent = sum(server.cpu_seconds for server in servers) - before
        self.per_second.append(measured.per_second)
        self.cpu.append(spent / len(measured.millis) * 1e6)
        self.middle.append(measured.percentile(0.5))
        self.slowest.append(measured.percentile(0.99))
        self.failures += len(measured.failures)

    def row(self) -> str:
        """Return medians of the runs; p99 also of the worst run."""
        return (
            f"  {self.name:32s} {median(self.per_second):7.0f}/s   p50 {median(self.middle):6.1f} ms   "
            f"p99 {median(self.slowest):6.1f} (worst run {max(self.slowest):6.1f}) ms   "
            f"server CPU {median(self.cpu):4.0f} us" + (f"   FAILED {self.failures}" if self.failures else "")
        )


@dataclass(frozen=True)
class Load:
    """The load: connections, requests on each, and rounds."""

    connections: int = 64
    each: int = 60
    rounds: int = 5


def compare(servers: Sequence[Server], batches: Batches, routes: Sequence[Route], load: Load) -> None:
    """Warm up, then run the routes in turn and print a row for each; ratios compare the last route with each of the
    others.
    """
    for route in routes:
        Route(route.name, route.path).run(servers, batches, load.connections, load.each)
    for _ in range(load.rounds):
        for route in routes:
            route.run(servers, batches, load.connections, load.each)
    for route in routes:
        print(route.row())
    *others, ours = routes
    for other in others:
        rate = [a / b for a, b in zip(ours.per_second, other.per_second, strict=True)]
        cpu = [a / b for a, b in zip(other.cpu, ours.cpu, strict=True)]
        print(
            f"  {ours.name} / {other.name}: {median(rate):.2f} of the throughput "
            f"({min(rate):.2f} to {max(rate):.2f}); by CPU time {median(cpu):.2f}"
        )

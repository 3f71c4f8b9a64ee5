"""Find workers who share an unusual paste lag: perhaps one operator; a shared remote desktop is another explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

USUAL_MS = 105
"""From pressing V to the paste: 51 of 58 workers of 2023 who pasted by keys took at most 73 ms."""
ODD_FROM_MS = 150
WIDTH_MS = 100
"""Maximum difference of lags in a group: seven worker ids of the MTurk study had 251 to 329 ms, nobody else over 73."""
FEWEST_WORKERS = 3


@dataclass(frozen=True, slots=True)
class SharedLag:
    """Workers whose pastes follow the V by nearly the same unusual time, in ms."""

    workers: tuple[str, ...]
    low_ms: float
    high_ms: float
    others: int
    """How many of the compared workers have a usual lag, at most `USUAL_MS`."""


def shared_lags(lags_ms: Mapping[str, Sequence[int]]) -> list[SharedLag]:
    """Return groups of at least three workers with similar unusual lags, the largest first; each worker is in at most
    one.

    Only while as many workers have usual lags: where most are slow, the cause is the machine or the network.
    """
    medians = {worker: float(median(lags)) for worker, lags in lags_ms.items() if lags}
    others = sum(lag <= USUAL_MS for lag in medians.values())
    odd = sorted((lag, worker) for worker, lag in medians.items() if lag >= ODD_FROM_MS)
    groups = []
    while odd:
        windows = [[pair for pair in odd if low <= pair[0] <= low + WIDTH_MS] for low, _ in odd]
        largest = max(windows, key=len)
        if len(largest) < FEWEST_WORKERS:
            break
        workers = tuple(sorted(worker for _, worker in largest))
        groups.append(SharedLag(workers, largest[0][0], largest[-1][0], others))
        odd = [pair for pair in odd if pair not in largest]
    return [group for group in groups if others >= len(group.workers)]

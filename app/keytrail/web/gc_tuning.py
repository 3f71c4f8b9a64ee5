"""Tune Python's garbage collector for a server."""

import gc

_CONTAINERS = 20_000


def keep_startup_objects() -> None:
    """Exclude start-up objects from collection, and collect less often.

    Reference counts free nearly everything that a request creates; the collector only finds cycles. With the default
    settings it takes a large part of the time of ingest, and occasionally scans every object of every library while all
    workers wait (docs/performance.md). Call it once, before a server starts.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_CONTAINERS, 10, 10)

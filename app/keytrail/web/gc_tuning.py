"""Python's garbage collector, set for a server."""

import gc

_CONTAINERS = 20_000


def keep_startup_objects() -> None:
    """Never look again at what start-up made, and look less often at what requests make.

    Reference counts free nearly all that a request makes; the collector only looks for cycles. With its usual settings
    it takes a good part of the time of ingest, and now and then goes through every object of every library while all
    workers wait (docs/performance.md). To be called once, when a server is about to start.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_CONTAINERS, 10, 10)

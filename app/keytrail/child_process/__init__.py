"""Run functions in low-priority child processes so that ingest is not blocked."""

from keytrail.child_process.helper_process import (
    Helper,
    HelperFailed,
    HelperKilled,
    HelperProcess,
    InProcessHelper,
)
from keytrail.child_process.resource_limits import usable_cores
from keytrail.child_process.single_run import run_in_child

__all__ = [
    "Helper",
    "HelperFailed",
    "HelperKilled",
    "HelperProcess",
    "InProcessHelper",
    "run_in_child",
    "usable_cores",
]

"""Work in child processes, so that the server goes on taking in what workers write whatever the work costs."""

from keytrail.child_process.helper_process import Helper, HelperFailed, HelperProcess, InProcessHelper
from keytrail.child_process.single_run import run_in_child

__all__ = ["Helper", "HelperFailed", "HelperProcess", "InProcessHelper", "run_in_child"]

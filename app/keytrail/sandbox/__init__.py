"""An MTurk-compatible marketplace for tests, demonstrations and a lab's own panel."""

from keytrail.sandbox.application import create_sandbox
from keytrail.sandbox.config import FeeRates, SandboxConfig

__all__ = ["FeeRates", "SandboxConfig", "create_sandbox"]

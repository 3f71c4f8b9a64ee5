"""An MTurk-compatible marketplace for tests, demonstrations and a lab's own panel."""

from app.sandbox.application import create_sandbox
from app.sandbox.config import FeeRates, SandboxConfig

__all__ = ["FeeRates", "SandboxConfig", "create_sandbox"]

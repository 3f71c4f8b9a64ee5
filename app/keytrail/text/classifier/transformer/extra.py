"""Load the libraries of the optional extra, or say how to install them."""

import os
from types import ModuleType

from keytrail.errors import BadRequest

MISSING = "Transformers need an optional extra. Install it with: pip install 'keytrail[transformer]'"
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY")


def libraries() -> tuple[ModuleType, ModuleType]:
    """Return PyTorch and Transformers, configured not to use the network. Raises BadRequest if either is not installed.

    They read these variables when they are loaded; such a process has no other use for the variables.
    """
    for name in _OFFLINE:
        os.environ[name] = "1"
    try:
        import torch  # noqa: PLC0415 -- optional, and slow to load
        import transformers  # noqa: PLC0415 -- same
    except ImportError:
        raise BadRequest(MISSING) from None
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    return torch, transformers

"""The libraries of the optional extra, or a sentence that says how to get them."""

import os
from types import ModuleType

from keytrail.errors import BadRequest

MISSING = "Transformers need an optional part of Keytrail. Install it with: pip install 'keytrail[transformer]'"
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY")


def libraries() -> tuple[ModuleType, ModuleType]:
    """PyTorch and Transformers, told to stay off the network. Raises BadRequest if either is not installed.

    They read these variables as they are loaded; a process that uses a transformer here has no use for the others.
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
